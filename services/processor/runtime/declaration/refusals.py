"""Reason codes for JSON that cannot be parsed; tests pin the wording of msgspec's errors."""

import re
from decimal import InvalidOperation

import msgspec

from services.processor.runtime.declaration.nesting import unparsed
from services.processor.runtime.declaration.sentences import seen
from services.processor.runtime.errors import RejectedRowError

SYNTAX_ERRORS = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidOperation)
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_BYTE = re.compile(r"byte (\d+)\)")
_SHOWN_BYTES = 30
_HALF_A_CHARACTER = (
    "has an escape such as \\ud800 that is half a character; expected both halves or the character"
)


def syntax_error(error: Exception, raw: bytes) -> RejectedRowError:
    """Return the rejection for one of ``SYNTAX_ERRORS``, raised while ``raw`` was parsed."""
    match error:
        case RecursionError():
            return unparsed()
        case UnicodeDecodeError():
            problem = f"is not UTF-8 after {_text(raw[: error.start][-_SHOWN_BYTES:])}"
            return RejectedRowError("INVALID_UNICODE", problem)
        case msgspec.ValidationError() if str(error).startswith("Expected `object`"):
            problem = f"is {_text(raw[:_SHOWN_BYTES])}; expected an object"
            return RejectedRowError("NOT_AN_OBJECT", problem)
        case InvalidOperation() | msgspec.ValidationError():
            problem = "has a number that cannot be stored; expected at most 38 digits"
            return RejectedRowError("NUMBER_OUT_OF_RANGE", problem)
    return _malformed(str(error), raw)


def _malformed(problem: str, raw: bytes) -> RejectedRowError:
    # To msgspec a lone surrogate at the end of a string looks as if its other half were cut off.
    if "surrogate" in problem or ("trunc" in problem and _LONE_SURROGATE.search(raw)):
        return RejectedRowError("INVALID_UNICODE", _HALF_A_CHARACTER)
    return RejectedRowError("INVALID_JSON", _place(problem, raw))


def _place(problem: str, raw: bytes) -> str:
    found = _BYTE.search(problem)
    if found is None:
        return f"is not valid JSON: it ends too early, after {_text(raw[-_SHOWN_BYTES:])}"
    byte = int(found[1])
    return f"is not valid JSON from {_text(raw[byte : byte + _SHOWN_BYTES])} on, byte {byte + 1}"


def _text(raw: bytes) -> str:
    return seen(raw.decode(errors="replace"))
