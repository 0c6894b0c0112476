from collections.abc import Iterator
from operator import methodcaller
from typing import Final

from services.processor.runtime.parsing.pieces import Piece, PieceBuffer

_BLANKS: Final = b" \t\r"
_strip: Final = methodcaller("strip", _BLANKS)


def lines(blocks: Iterator[bytes]) -> Iterator[Piece]:
    """Yield every line that is not blank, without the blanks around it."""
    unfinished = PieceBuffer(_BLANKS, _BLANKS)
    for block in blocks:
        head, newline, rest = block.partition(b"\n")
        unfinished.add(head)
        if newline:
            yield from _finished(unfinished)
            whole, _, tail = rest.rpartition(b"\n")
            yield from filter(None, map(_strip, whole.split(b"\n")))
            unfinished.add(tail)
    yield from _finished(unfinished)


def _finished(line: PieceBuffer) -> Iterator[Piece]:
    stripped = line.take()
    if stripped:
        yield stripped
