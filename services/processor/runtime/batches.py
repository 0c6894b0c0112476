from collections.abc import Iterable, Iterator
from typing import Final

from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.parsing import Row

BATCH_ROWS: Final = 500
BATCH_BYTES: Final = 8 * 1024 * 1024


def batches(rows: Iterable[Row], max_rows: int) -> Iterator[list[Row]]:
    """Group rows, bounded in number and in bytes; rows before an error come before the error."""
    batch: list[Row] = []
    size_bytes = 0
    failure: PermanentError | TransientError | None = None
    try:
        for row in rows:
            batch.append(row)
            size_bytes += len(row.raw)
            if len(batch) == max_rows or size_bytes >= BATCH_BYTES:
                yield batch
                batch, size_bytes = [], 0
    except (PermanentError, TransientError) as error:
        failure = error
    if batch:
        yield batch
    if failure:
        raise failure
