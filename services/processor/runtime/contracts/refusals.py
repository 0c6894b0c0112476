"""Reason codes for msgspec's errors: the codes are stable, tests pin msgspec's wording."""

import re
from decimal import InvalidOperation

import msgspec

from services.processor.runtime.errors import RejectedRowError

REFUSALS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation)
# Only the last " - at" is msgspec's own: before it, the row's names and values are quoted verbatim.
_AT = r"(?: - at `\$\.?(?P<path>[^`]*)`)?"
_FIELD_PROBLEM = re.compile(
    rf"(?P<problem>Object (?:missing required|contains unknown) field `(?P<name>.*?)`){_AT}",
    re.DOTALL,
)
_VALUE_PROBLEM = re.compile(rf"(?P<problem>.*?){_AT}", re.DOTALL)
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_CODES = tuple(
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
    """Return the rejection for one of ``REFUSALS``, raised while ``raw`` was decoded."""
    match error:
        case msgspec.ValidationError():
            return _contract_violation(str(error))
        case RecursionError():
            return RejectedRowError("NESTED_TOO_DEEP", "nested too deeply to parse")
        case InvalidOperation():
            return RejectedRowError("NUMBER_OUT_OF_RANGE", "exponent out of range")
        case UnicodeDecodeError():
            return RejectedRowError("INVALID_UNICODE", f"byte {error.start} is not valid UTF-8")
    # To msgspec a lone surrogate at the end of a string looks as if its other half were cut off.
    is_surrogate = "surrogate" in str(error) or ("trunc" in str(error) and _surrogate_in(raw))
    return RejectedRowError("INVALID_UNICODE" if is_surrogate else "INVALID_JSON", str(error))


def _surrogate_in(raw: bytes) -> bool:
    return _LONE_SURROGATE.search(raw) is not None


def _contract_violation(message: str) -> RejectedRowError:
    found = _FIELD_PROBLEM.fullmatch(message) or _VALUE_PROBLEM.fullmatch(message)
    said = found.groupdict() if found else {}
    problem, path, name = said.get("problem", message), said.get("path"), said.get("name")
    if path is None and problem.startswith("Expected `object`"):
        return RejectedRowError("NOT_AN_OBJECT", problem)
    code = next((code for pattern, code in _CODES if pattern.match(problem)), "INVALID")
    field = ".".join(part for part in (path, name) if part)
    return RejectedRowError(code, problem, field or None)
