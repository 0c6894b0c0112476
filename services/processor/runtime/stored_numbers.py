"""Numbers as DynamoDB stores them: 38 digits, exactly, in one form each."""

from decimal import Context, Decimal, DecimalException, Inexact, Overflow, Subnormal

from services.processor.runtime.errors import RejectedRowError

_DIGITS = 38
# Raises for what DynamoDB cannot hold exactly; dropping trailing zeros loses nothing.
_EXACT = Context(prec=_DIGITS, Emin=-130, Emax=125, traps=[Inexact, Overflow, Subnormal])
WRITTEN_OUT = 10**_DIGITS


def normal(number: Decimal) -> int | Decimal:
    """Return the number in the form it has after a round trip: without trailing zeros.

    A number that DynamoDB cannot hold comes back unchanged; whoever writes it rejects it later,
    when the path to it is known.
    """
    try:
        short = number.normalize(_EXACT)
        return int(short) if short == short.to_integral_value() else short
    except (DecimalException, ValueError, OverflowError):
        return number


def number_text(number: int | Decimal) -> str:
    """Return the number as DynamoDB takes it, up to 38 digits written out without exponent.

    Raises:
        RejectedRowError: DynamoDB cannot hold it exactly.

    """
    text = str(number) if type(number) is Decimal else ""
    if is_plain(text):
        return text
    if isinstance(number, int) and -WRITTEN_OUT < number < WRITTEN_OUT:
        return int.__repr__(number)  # that of a subclass, such as an Enum, may be a name
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


def is_plain(number: str) -> bool:
    """Return whether a decimal number with a point is sure to be written like that everywhere."""
    return "." in number and number[-1] != "0" and "E" not in number and len(number) <= _DIGITS


def plain_number_text(number: object) -> str:
    """Return the text of a number that is stored, and in canonical JSON, as it is written.

    Raises:
        ValueError: it is no exact number, or is perhaps in another form.

    """
    if type(number) is Decimal and is_plain(text := str(number)):
        return text
    return whole_text(number)


def whole_text(number: object) -> str:
    """Return the text of a whole number, or raise ``ValueError`` if it is none."""
    if type(number) is int and -WRITTEN_OUT < number < WRITTEN_OUT:
        return str(number)
    raise ValueError(number)
