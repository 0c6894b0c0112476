"""Where in a file reading can resume, so that a retry need not begin at the first byte.

How it works: a reader marks a point about once in 64 KiB, before a row. A point says everything
that the rows behind it depend on, of all that comes before it: the number of the row; the line and
column, which messages name; and how far the line is indented, which says where a broken JSON value
on it ends. The rest is said by the beginning of the file, which is read again: whether JSON is one
array or a stream of values, and the header of CSV.

So there is no point where rows depend on more. Those are: a compressed file, or one in another
encoding than UTF-8, where offsets in the text are none in the object; a text that was scanned
already as part of a broken JSON value; an element without a comma before it; and the first row of
CSV or of a stream, as only the rows together show that the header is wrong, or the file a wrapper.

A run that resumes reads the beginning, up to the header's end, and then from the last point before
the rows that are not stored: as a rule less than 64 KiB of rows again. Points cost nothing for each
row, and are let go as rows are stored.
"""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple


class ResumePoint(NamedTuple):
    """A row, and all that is needed to go on with it as if every row before it had been read.

    The row is the first that begins at ``byte`` of the object or behind it. That byte is the
    character ``column`` of ``line``, both from 1, and ``indentation`` are the blanks with which
    this line begins, no further than that.
    """

    row: int
    byte: int
    line: int
    column: int = 1
    indentation: bytes = b""


Mark = Callable[[ResumePoint], None]
"""Is told each point before the row that begins there is read."""


def no_mark(_point: ResumePoint) -> None:
    """Forget a point: for a reader that never resumes."""


class ResumePoints:
    """The points of one reading; those before the rows that are still to be stored are let go."""

    def __init__(self, resumed_at: ResumePoint | None = None) -> None:
        self._points = deque([resumed_at] if resumed_at else [])

    def mark(self, point: ResumePoint) -> None:
        """Add a point that is later in the file than all others."""
        self._points.append(point)

    def after(self, rows_stored: int) -> ResumePoint | None:
        """Return where the rows after the first ``rows_stored`` can be read from; else ``None``.

        The number never decreases: earlier points are forgotten.
        """
        next_row = rows_stored + 1
        points = self._points
        while len(points) > 1 and points[1].row <= next_row:
            points.popleft()
        return points[0] if points and points[0].row <= next_row else None
