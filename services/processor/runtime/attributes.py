"""Plain values as DynamoDB stores them: their encoding, limits and sizes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Subnormal
from typing import TypeAlias, cast

from services.processor.runtime.errors import RejectedRowError

Plain: TypeAlias = "str | bool | int | Decimal | Sequence[Plain] | Mapping[str, Plain] | None"
Attribute: TypeAlias = "dict[str, str | bool | list[Attribute] | dict[str, Attribute]]"

# DynamoDB allows 32 levels; the item and the attribute that holds the data take one each.
MAX_LEVELS = 30
MAX_NAME_BYTES = 65_535
# DynamoDB's limit is 400 KB. Replication keeps attributes of its own beside ours.
MAX_ITEM_BYTES = 400 * 1024 - 1024
_SHORT_NAME = MAX_NAME_BYTES // 4  # in characters, of at most four bytes each
_DIGITS = 38
# Raises for what DynamoDB cannot hold exactly; dropping trailing zeros loses nothing.
_EXACT = Context(prec=_DIGITS, Emin=-130, Emax=125, traps=[Inexact, Overflow, Subnormal])
_WRITTEN_OUT = 10**_DIGITS
_CONTAINER_BYTES = 3
_ELEMENT_BYTES = 1


def attribute(value: Plain, levels: int = MAX_LEVELS) -> Attribute:
    """Encode a value of at most ``levels`` nested lists and maps.

    Raises:
        RejectedRowError: DynamoDB cannot hold it, or a faulty contract made it of another type;
            ``field`` is the path to the offending value.

    """
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, int | Decimal):
        return {"N": number_text(value)}
    if value is None:
        return {"NULL": True}
    if isinstance(value, dict):
        return {"M": _map(value, levels)}
    if isinstance(value, list | tuple):
        return {"L": _list(value, levels)}
    raise _not_plain(value)


def normal(number: Decimal) -> int | Decimal:
    """Return the number in the form it has after a round trip: without trailing zeros.

    A number that DynamoDB cannot hold comes back unchanged; :func:`attribute` rejects it later,
    when the path to it is known.
    """
    try:
        short = number.normalize(_EXACT)
        return int(short) if short == short.to_integral_value() else short
    except (DecimalException, ValueError, OverflowError):
        return number


def normal_form(data: Mapping[str, Plain]) -> dict[str, Plain]:
    """Return the data with each number in its normal form, as a reader of the table has it.

    ``data`` is nested no deeper than :func:`attribute` takes it.
    """
    return {n: each if type(each) is str else _normal(each) for n, each in data.items()}


def _normal(value: Plain) -> Plain:
    if isinstance(value, Decimal):
        return normal(value)
    # Most values are texts: asking for them here saves them a call.
    if isinstance(value, dict):
        return {n: each if type(each) is str else _normal(each) for n, each in value.items()}
    if isinstance(value, list | tuple):
        return [each if type(each) is str else _normal(each) for each in value]
    return value


def number_text(number: int | Decimal) -> str:
    """Return the number as DynamoDB takes it, up to 38 digits written out without exponent.

    Raises:
        RejectedRowError: DynamoDB cannot hold it exactly.

    """
    if isinstance(number, int) and -_WRITTEN_OUT < number < _WRITTEN_OUT:
        return str(number)
    try:
        short = Decimal(number).normalize(_EXACT)
    except DecimalException as error:
        problem = "more than 38 digits, or outside 1E-130 to 9.99E+125"
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", problem) from error
    if not short.is_finite():
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", f"{short} is not a finite number")
    if not short:  # perhaps negative
        return "0"
    return f"{short:f}" if abs(short.adjusted()) < _DIGITS else str(short)


def utc_ms(moment: datetime) -> str:
    """Return a moment as ``2026-01-31T23:59:59.123Z``, truncated to milliseconds.

    Raises:
        OverflowError: the moment is outside the years 1 to 9999 in UTC.

    """
    if moment.tzinfo is not UTC:  # most moments are in UTC: this saves them a call
        moment = moment.astimezone(UTC)
    return moment.isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def item_bytes(item: Mapping[str, Attribute]) -> int:
    """Return the size of an item: names in UTF-8, values by type; never less than DynamoDB's."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(attribute: Attribute) -> int:
    """Return the size of one encoded value, as DynamoDB counts it."""
    [(kind, value)] = attribute.items()
    match kind:
        case "S":
            return len(cast("str", value).encode())
        case "N":
            return _number_bytes(cast("str", value))
        case "M":
            fields = cast("dict[str, Attribute]", value)
            return _CONTAINER_BYTES + _ELEMENT_BYTES * len(fields) + item_bytes(fields)
        case "L":
            elements = cast("list[Attribute]", value)
            return _CONTAINER_BYTES + sum(_ELEMENT_BYTES + value_bytes(each) for each in elements)
    return 1  # BOOL and NULL


def _map(values: Mapping[str, Plain], levels: int) -> dict[str, Attribute]:
    _reject_depth(levels)
    encoded: dict[str, Attribute] = {}
    for name, value in values.items():
        if not (isinstance(name, str) and 0 < len(name) < _SHORT_NAME):
            _reject_name(name)
        if isinstance(value, str):  # most values are: this saves them a call
            encoded[name] = {"S": value}
            continue
        try:
            encoded[name] = attribute(value, levels - 1)
        except RejectedRowError as rejected:
            raise rejected.inside(name) from None
    return encoded


def _list(values: Sequence[Plain], levels: int) -> list[Attribute]:
    _reject_depth(levels)
    encoded: list[Attribute] = []
    for index, value in enumerate(values):
        try:
            encoded.append(attribute(value, levels - 1))
        except RejectedRowError as rejected:
            raise rejected.inside(f"[{index}]") from None
    return encoded


def _reject_depth(levels: int) -> None:
    if levels == 0:
        raise RejectedRowError("NESTED_TOO_DEEP", f"more than {MAX_LEVELS} levels of nesting")


def _not_plain(value: object) -> RejectedRowError:
    problem = f"the contract made a {type(value).__name__} of it, which cannot be stored"
    return RejectedRowError("CONTRACT_ERROR", f"{problem}; tell the processor's operators")


def _reject_name(name: object) -> None:
    if not isinstance(name, str):
        raise _not_plain(name)
    if not name:
        raise RejectedRowError("EMPTY_FIELD_NAME", "empty field name")
    if len(name.encode()) > MAX_NAME_BYTES:
        problem = f"field name longer than {MAX_NAME_BYTES} bytes"
        raise RejectedRowError("FIELD_NAME_TOO_LONG", problem)


def _number_bytes(text: str) -> int:
    """One byte for two significant digits, one more, and one for a minus sign.

    DynamoDB documents this as approximate. The digits are paired from the decimal point, as the
    public calculators do, because that is never less than pairing them from the first digit.
    """
    mantissa, _, power = text.removeprefix("-").partition("E")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).rstrip("0")
    exponent = len(whole) + int(power or 0) - len(digits)  # of the last significant digit
    significant = len(digits.lstrip("0"))
    padded = significant + exponent % 2 if significant else 0
    return (padded + 1) // 2 + 1 + text.startswith("-")
