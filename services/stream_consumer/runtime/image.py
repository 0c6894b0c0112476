"""An item as a stream carries it (``{"N": "1"}``), converted to plain JSON."""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]

# Version 2017 of global tables adds these attributes; they differ between the replicas.
REPLICATION_PREFIX = "aws:rep:"
# Every decimal of 15 digits survives a double, which most JSON readers use for numbers.
EXACT_DIGITS = 15
# DynamoDB keeps 38 digits; rounding is an error.
_DYNAMODB_NUMBERS = Context(prec=38, traps=[Inexact, InvalidOperation])
_TINY_BELOW = 0.0001


class Tiny(float):
    """A number so small that Python writes it with an exponent, and other writers otherwise."""


def plain_image(image: Mapping[str, Any]) -> JsonObject:
    """Return the item's attributes as JSON, without those that replication added."""
    return {
        name: plain(value)
        for name, value in image.items()
        if not name.startswith(REPLICATION_PREFIX)
    }


def plain(tagged: Mapping[str, Any]) -> Json:
    """Return one value as JSON: sets become sorted lists, binary values stay base64 text."""
    [tag] = tagged
    value = tagged[tag]
    # Asked for here, because most values are texts and a call would take as long as the rest.
    if tag == "S" and type(value) is str:
        return value
    return _READERS[tag](value)


def number(literal: str) -> int | float | str:
    """Return the number in a form that even a reader that uses doubles gets exactly.

    Up to 15 significant digits and below 10^15 it is a JSON number, else text without exponent.
    """
    if len(literal) <= EXACT_DIGITS and literal.isdigit():  # as most are
        return int(literal)
    digits = literal.removeprefix("-").replace(".", "", 1)
    if len(digits) <= EXACT_DIGITS and digits.isdigit():
        double = float(literal)
        return int(double) if double.is_integer() else _with_exponent(double)
    value = Decimal(literal).normalize(_DYNAMODB_NUMBERS)
    if not value.is_finite():
        raise ValueError(f"not a DynamoDB number: {literal!r}")
    if len(value.as_tuple().digits) > EXACT_DIGITS or value.adjusted() >= EXACT_DIGITS:
        return format(value, "f")
    return int(value) if value == value.to_integral_value() else _with_exponent(float(value))


def _with_exponent(double: float) -> float:
    return Tiny(double) if -_TINY_BELOW < double < _TINY_BELOW else double


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
