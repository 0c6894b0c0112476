"""An item as a stream carries it (``{"N": "1"}``), read as plain JSON."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]

# What version 2017 of global tables adds to an item; it differs between the replicas.
REPLICATION_PREFIX = "aws:rep:"
# Every decimal of 15 digits survives a double, the number type of most JSON readers.
EXACT_DIGITS = 15
# The digits DynamoDB keeps; rounding is an error.
_DYNAMODB_NUMBERS = Context(prec=38, traps=[Inexact, InvalidOperation])


def plain_image(image: Mapping[str, Any]) -> JsonObject:
    """Give the item's attributes as JSON, without those that only replication put there."""
    return {
        name: plain(value)
        for name, value in image.items()
        if not name.startswith(REPLICATION_PREFIX)
    }


def plain(tagged: Mapping[str, Any]) -> Json:
    """Give one value as JSON. Sets become sorted lists; binary values stay base64 text."""
    [(tag, value)] = tagged.items()
    return _READERS[tag](value)


def number(literal: str) -> int | float | str:
    """Give the number such that a reader with doubles sees exactly what is stored.

    Up to 15 significant digits and below 10^15 it is a JSON number, else text without exponent.
    """
    value = Decimal(literal).normalize(_DYNAMODB_NUMBERS)
    if not value.is_finite():
        raise ValueError(f"not a number that DynamoDB stores: {literal!r}")
    if len(value.as_tuple().digits) > EXACT_DIGITS or value.adjusted() >= EXACT_DIGITS:
        return format(value, "f")
    return int(value) if value == value.to_integral_value() else float(value)


def _of_type(kind: type[Any]) -> Callable[[Any], Any]:
    def check(value: object) -> object:
        if not isinstance(value, kind):
            raise TypeError(f"expected {kind.__name__}, got {value!r}")
        return value

    return check


_READERS: Mapping[str, Callable[[Any], Json]] = {
    "S": _of_type(str),
    "N": number,
    "B": _of_type(str),
    "BOOL": _of_type(bool),
    "NULL": lambda _: None,
    "L": lambda values: [plain(value) for value in values],
    "M": lambda values: {name: plain(value) for name, value in values.items()},
    # A set has no order of its own, and the replicas' streams need not agree on one.
    "SS": sorted,
    "BS": sorted,
    "NS": lambda literals: [number(literal) for literal in sorted(literals, key=Decimal)],
}
