"""Numbers in the texts of a file: with a decimal point, or as a declared form says, a comma."""

import re
from decimal import Decimal

from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import normal

_POINT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# The points between thousands are in all places or in none.
_COMMA = re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")
_MAX_DIGITS = 38
_NOT_ZERO = "123456789"


def exact_number(text: str) -> int | Decimal:
    """Return a number of JSON, which may have an exponent, in the form it is stored in."""
    is_plain = "." in text and "e" not in text and "E" not in text
    if is_plain and text[-1] in _NOT_ZERO and len(text) <= _MAX_DIGITS:
        return Decimal(text)  # most numbers are in that form as they are written
    return normal(Decimal(text))


def read_number(text: str, *, decimal_comma: bool) -> int | Decimal | None:
    """Return the number that a text is in its form, in the form it is stored in; else ``None``.

    Neither form has exponents, blanks or digits of other scripts.
    """
    if len(text) <= _MAX_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    if not decimal_comma and _is_plain(text):
        return Decimal(text)
    if not (_COMMA if decimal_comma else _POINT).fullmatch(text):
        return None
    if decimal_comma:
        text = text.replace(".", "").replace(",", ".")
    return exact_number(text)


def _is_plain(text: str) -> bool:
    """Return whether a text is sure to be a number with a point in the form it is stored in."""
    has_point = "." in text[1:-1] and text[-1] in _NOT_ZERO
    is_short = has_point and len(text) <= _MAX_DIGITS and text.isascii()
    return is_short and text.replace(".", "", 1).isdigit()


def write_number(number: int | Decimal, *, decimal_comma: bool) -> str:
    """Return a number as a text of its form, without exponent or points between thousands."""
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return text.replace(".", ",") if decimal_comma else text


def whole(number: int | Decimal) -> int | None:
    """Return a number without decimals (``2``, ``2.0``, ``2e0``) as an ``int``; else ``None``.

    Raises:
        RejectedRowError: it has so many digits that the table cannot hold it.

    """
    if isinstance(number, int):
        return number
    if number.is_finite() and number.adjusted() >= _MAX_DIGITS:
        problem = f"is a number of more than {_MAX_DIGITS} digits; no field can hold it"
        raise RejectedRowError("NUMBER_OUT_OF_RANGE", problem)
    return int(number) if number == number.to_integral_value() else None
