"""Whether one JSON value is valid, and the row that it becomes."""

import msgspec

from services.processor.runtime.parsing.json_fault import Fault
from services.processor.runtime.parsing.row_buffer import Oversized, RawRow
from services.processor.runtime.parsing.rows import BadRow, JsonRow, not_utf8, too_large

_DECODER = msgspec.json.Decoder(msgspec.Raw)


def is_valid(value: bytes) -> bool:
    """Return whether msgspec takes it for valid JSON, whatever its encoding.

    It refuses some that is valid: lone surrogates, and very deep nesting.
    """
    try:
        _DECODER.decode(value)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def json_row(number: int, raw: RawRow, line: int, fault: Fault | None = None) -> JsonRow | BadRow:
    """Return the row of a value, a bad one if the value has a fault or breaks a limit."""
    if fault:
        prefix, size = (raw, len(raw)) if isinstance(raw, bytes) else (raw.prefix, raw.size_bytes)
        return BadRow(number, prefix, size, "INVALID_JSON", str(fault), line=line)
    if isinstance(raw, Oversized):
        return too_large(number, raw, line)
    if not raw.isascii():
        # Decoding into a struct skips unknown fields without looking at their bytes.
        try:
            raw.decode()
        except UnicodeDecodeError as error:
            return not_utf8(number, raw, error, line)
    return JsonRow(number, raw, line)
