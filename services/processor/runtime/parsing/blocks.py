from collections.abc import Iterable, Iterator
from typing import Final

from services.processor.runtime.parsing.unreadable import UnreadableFileError

BLOCK_BYTES: Final = 64 * 1024


def blocks(chunks: Iterable[bytes], size_bytes: int = BLOCK_BYTES) -> Iterator[bytes]:
    """Cut the same bytes anew: every block but the last, which is not empty, has the same size.

    So nothing further on depends on how the bytes arrived. When they end in an error, what came
    before is given first.
    """
    pending = bytearray()
    failure: UnreadableFileError | None = None
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), size_bytes):
                pending += chunk[start : start + size_bytes]
                if len(pending) >= size_bytes:
                    yield bytes(pending[:size_bytes])
                    del pending[:size_bytes]
    except UnreadableFileError as error:
        failure = error
    if pending:
        yield bytes(pending)
    if failure:
        raise failure
