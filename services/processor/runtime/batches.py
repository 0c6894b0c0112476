from collections.abc import Iterable, Iterator
from typing import Final

from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.parsing import Row

BATCH_ROWS: Final = 500
BATCH_BYTES: Final = 32 * 1024 * 1024
# A byte is held in the row and in its item, a character of text in up to four bytes.
_HELD_PER_BYTE: Final = 4
# A value, be it an empty cell, is held in the dictionaries of the row and of its item.
_HELD_PER_VALUE: Final = 300


def batches(rows: Iterable[Row], max_rows: int) -> Iterator[list[Row]]:
    """Group rows, bounded in number and in memory; rows before an error come before the error."""
    batch: list[Row] = []
    held_bytes = 0
    failure: PermanentError | TransientError | None = None
    try:
        for row in rows:
            batch.append(row)
            held_bytes += _held_bytes(row.raw)
            if len(batch) == max_rows or held_bytes >= BATCH_BYTES:
                yield batch
                batch, held_bytes = [], 0
    except (PermanentError, TransientError) as error:
        failure = error
    if batch:
        yield batch
    if failure:
        raise failure


def _held_bytes(raw: bytes) -> int:
    """Estimate, rather too high, what a row and the item that is built of it take in memory."""
    values = 1 + raw.count(b",") + raw.count(b"[") + raw.count(b"{")
    return _HELD_PER_BYTE * len(raw) + _HELD_PER_VALUE * values
