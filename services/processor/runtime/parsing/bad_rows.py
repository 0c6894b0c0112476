from services.processor.runtime.parsing.pieces import Oversized
from services.processor.runtime.parsing.rows import MAX_ROW_BYTES, BadRow


def too_large(number: int, row: Oversized) -> BadRow:
    message = f"{row.size_bytes} bytes is over the limit of {MAX_ROW_BYTES}"
    return BadRow(number, row.prefix, row.size_bytes, "ROW_TOO_LARGE", message)


def not_utf8(number: int, raw: bytes, error: UnicodeDecodeError) -> BadRow:
    message = f"byte {error.start} of the row is not UTF-8"
    return BadRow(number, raw, len(raw), "INVALID_UTF8", message)
