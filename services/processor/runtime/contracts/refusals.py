"""Reason codes for what msgspec says; the codes are stable, its wording is pinned by tests."""

import re
from decimal import InvalidOperation
from typing import Final

import msgspec

from services.processor.runtime.errors import RejectedRowError

REFUSALS: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation)
# Only the last " - at" is msgspec's own: names and values of the row stand before it, as they are.
_AT: Final = r"(?: - at `\$\.?(?P<path>[^`]*)`)?"
_OF_A_FIELD: Final = re.compile(
    rf"(?P<problem>Object (?:missing required|contains unknown) field `(?P<name>.*?)`){_AT}",
    re.DOTALL,
)
_OF_A_VALUE: Final = re.compile(rf"(?P<problem>.*?){_AT}", re.DOTALL)
_LONE_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_CODES: Final = tuple(
    (re.compile(pattern), code)
    for pattern, code in (
        (r"Object missing required field", "MISSING_FIELD"),
        (r"Object contains unknown field", "UNKNOWN_FIELD"),
        (r"Expected `\w+` of length", "BAD_LENGTH"),
        (r"Expected `\w+` [<>]", "OUT_OF_RANGE"),
        (r"Expected `str` matching|Expected `datetime` with|Invalid RFC3339", "BAD_FORMAT"),
        (r"Invalid enum value", "UNKNOWN_VALUE"),
        (r"(Integer value|Number) out of range", "NUMBER_OUT_OF_RANGE"),
        (r"Expected ", "WRONG_TYPE"),
    )
)


def rejection(error: Exception, raw: bytes = b"") -> RejectedRowError:
    """Translate one of ``REFUSALS``, raised while ``raw`` was decoded."""
    match error:
        case msgspec.ValidationError():
            return _against_the_contract(str(error))
        case RecursionError():
            return RejectedRowError("NESTED_TOO_DEEP", "nested too deep to be read")
        case InvalidOperation():
            return RejectedRowError("NUMBER_OUT_OF_RANGE", "an exponent beyond all measure")
        case UnicodeDecodeError():
            return RejectedRowError("INVALID_UNICODE", f"byte {error.start} is not UTF-8")
    # A lone surrogate at the end of a text looks to msgspec as if the other half were cut off.
    is_surrogate = "surrogate" in str(error) or ("trunc" in str(error) and _surrogate_in(raw))
    return RejectedRowError("INVALID_UNICODE" if is_surrogate else "INVALID_JSON", str(error))


def _surrogate_in(raw: bytes) -> bool:
    return _LONE_SURROGATE.search(raw) is not None


def _against_the_contract(message: str) -> RejectedRowError:
    found = _OF_A_FIELD.fullmatch(message) or _OF_A_VALUE.fullmatch(message)
    said = found.groupdict() if found else {}
    problem, path, name = said.get("problem", message), said.get("path"), said.get("name")
    if path is None and problem.startswith("Expected `object`"):
        return RejectedRowError("NOT_AN_OBJECT", problem)
    code = next((code for pattern, code in _CODES if pattern.match(problem)), "INVALID")
    field = ".".join(part for part in (path, name) if part)
    return RejectedRowError(code, problem, field or None)
