"""Plain values as DynamoDB stores them: its types, its limits, its sizes."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Subnormal
from typing import Final, TypeAlias

from services.processor.runtime.errors import RejectedRowError

Plain: TypeAlias = "str | bool | int | Decimal | Sequence[Plain] | Mapping[str, Plain] | None"
Attribute: TypeAlias = "dict[str, str | bool | list[Attribute] | dict[str, Attribute]]"

# Of the 32 levels DynamoDB allows, the item and the attribute that holds the data take one each.
MAX_LEVELS: Final = 30
MAX_NAME_BYTES: Final = 65_535
_SURELY_SHORT: Final = MAX_NAME_BYTES // 4
_DIGITS: Final = 38
# Refuses what it cannot hold exactly; dropping trailing zeros is no loss.
_EXACT: Final = Context(prec=_DIGITS, Emin=-130, Emax=125, traps=[Inexact, Overflow, Subnormal])
_WRITTEN_OUT: Final = 10**_DIGITS


def attribute(value: Plain, levels: int = MAX_LEVELS) -> Attribute:
    """Encode a value of at most ``levels`` nested lists and maps.

    Raises:
        RejectedRowError: DynamoDB cannot hold it; ``field`` is the path to what it cannot.

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
    raise TypeError(f"{type(value).__name__} is not a plain value")


def normal(number: Decimal) -> int | Decimal:
    """Give the same number the one form it has after a round trip: no trailing zeros.

    What DynamoDB cannot hold comes back as it is; :func:`attribute` knows its path and refuses it.
    """
    try:
        short = number.normalize(_EXACT)
        return int(short) if short == short.to_integral_value() else short
    except (DecimalException, ValueError, OverflowError):
        return number


def number_text(number: int | Decimal) -> str:
    if isinstance(number, int) and -_WRITTEN_OUT < number < _WRITTEN_OUT:
        return str(number)
    try:
        short = Decimal(number).normalize(_EXACT)
    except DecimalException as error:
        problem = "over 38 digits, or outside 1E-130 to 9.99E+125"
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", problem) from error
    if not short.is_finite():
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", f"{short} is not a number to store")
    return f"{short:f}" if abs(short.adjusted()) < _DIGITS else str(short)


def _map(values: Mapping[str, Plain], levels: int) -> dict[str, Attribute]:
    _refuse_depth(levels)
    encoded: dict[str, Attribute] = {}
    for name, value in values.items():
        if not 0 < len(name) < _SURELY_SHORT:
            _refuse_name(name)
        if isinstance(value, str):  # most values are: no call for them
            encoded[name] = {"S": value}
            continue
        try:
            encoded[name] = attribute(value, levels - 1)
        except RejectedRowError as refused:
            raise refused.inside(name) from None
    return encoded


def _list(values: Sequence[Plain], levels: int) -> list[Attribute]:
    _refuse_depth(levels)
    encoded: list[Attribute] = []
    for index, value in enumerate(values):
        try:
            encoded.append(attribute(value, levels - 1))
        except RejectedRowError as refused:
            raise refused.inside(f"[{index}]") from None
    return encoded


def _refuse_depth(levels: int) -> None:
    if levels == 0:
        raise RejectedRowError("NESTED_TOO_DEEP", f"more than {MAX_LEVELS} levels")


def _refuse_name(name: str) -> None:
    if not name:
        raise RejectedRowError("EMPTY_FIELD_NAME", "a field has no name")
    if len(name.encode()) > MAX_NAME_BYTES:
        raise RejectedRowError("FIELD_NAME_TOO_LONG", f"a name of over {MAX_NAME_BYTES} bytes")
