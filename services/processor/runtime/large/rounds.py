"""A round: a stretch of a large file's rows, cut into ranges that can be stored in any order.

How it works: the file is read once, by the readers that every run has, and the rows are counted.
The readers mark, about once in 64 KiB, where reading can resume (see ``resume_point``). A range
begins at such a point, and ends before a later one: the last that leaves it within its size. Only
the reading from the beginning knows these points: a newline may be inside quotes, and a bracket
inside a text.

So the rows of all ranges are those of a serial reading, each once, with the same numbers and the
same lines. A fault that ends the file there is found here: the ranges go up to the row before it.

Time is that of reading the file without storing anything. Of the points, two are kept at a time,
and the ranges are bounded in number and in size as JSON, because they are handed on as such. A
round that is full, or out of time, ends at a point; the next one begins there. The worst case is a
file without points, such as one value of many gigabytes: there is no round in it, and it is read
serially.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256

import msgspec

from services.processor.runtime.errors import OutOfTimeError, UnreadableFileError
from services.processor.runtime.parsing import Row
from services.processor.runtime.resume_point import Mark, ResumePoint
from services.processor.runtime.storage.ledger_entry import Failure

# Ten seconds of writing for one function, or a minute for eight that share a new table.
RANGE_ROWS = 250_000
RANGE_BYTES = 32 * 1024 * 1024
MAX_RANGES = 1000
# A state of Step Functions has 256 KiB; the rest of it is small.
MAX_RANGES_BYTES = 180 * 1024


class Range(msgspec.Struct, frozen=True):
    """The rows ``first`` to ``last`` of a file, which are read from ``point`` or from its start."""

    index: int
    first: int
    last: int
    point: ResumePoint | None


class RangeSize(msgspec.Struct, frozen=True):
    """The most rows and bytes of a range.

    It has more only where no point divides it, and the last one up to a block more of bytes.
    """

    rows: int = RANGE_ROWS
    size_bytes: int = RANGE_BYTES


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """The rows ``first`` to ``last``, perhaps none, in so many ``ranges`` of a ``size``.

    Behind them the file has ended (``is_end``), has a ``failure``, or goes on at ``resume``, which
    may also be a place before that. ``plan`` says how the rows are cut, by which contract.
    """

    plan: str
    first: int
    last: int
    ranges: int
    size: RangeSize
    contract_version: int
    resume: ResumePoint | None = None
    failure: Failure | None = None
    is_end: bool = False


class Planned(msgspec.Struct, frozen=True):
    """A round and its ranges."""

    round: Round
    ranges: list[Range]


Read = Callable[[Mark], Iterator[Row]]
"""Returns the rows of a file from ``resume`` on, and marks points as it reads."""


def plan(
    read: Read, *, first: int, resume: ResumePoint | None, cut: "Cut", contract_version: int
) -> Planned | None:
    """Return the round of the rows from ``first`` on, or ``None`` if time ends before a point.

    The same file, ``first`` and ``cut`` give the same plan if time does not end.

    Raises:
        TransientError: the file cannot be read at the moment.

    """
    cutter = _Cutter(first, resume, cut)
    failure, is_end = None, False
    try:
        is_end = cutter.take(read(cutter.mark))
    except UnreadableFileError as error:
        failure = Failure(error.code, error.message, error.row)
    except OutOfTimeError:
        if not cutter.end_at_point():
            return None
    if failure or is_end:
        cutter.end()
    cuts = [(each.first, each.last) for each in cutter.ranges]
    identity = repr((contract_version, cut.size, cuts)).encode()
    last = cuts[-1][1] if cuts else first - 1
    planned = Round(
        plan=sha256(identity).hexdigest()[:16],
        first=first,
        last=last,
        ranges=len(cuts),
        size=cut.size,
        contract_version=contract_version,
        resume=None if is_end else cutter.resume,
        failure=failure,
        is_end=is_end,
    )
    return Planned(planned, cutter.ranges)


class Cut(msgspec.Struct, frozen=True):
    """How to cut rows into ranges, and after which row a round ends, if a point is there."""

    size: RangeSize = RangeSize()
    last: int | None = None
    max_ranges: int = MAX_RANGES


class _Cutter:
    """Cuts the rows that it takes into ``ranges``; the next one begins at ``resume``."""

    def __init__(self, first: int, resume: ResumePoint | None, cut: Cut) -> None:
        self.ranges: list[Range] = []
        self.resume = resume
        self._first = first
        self._last = first - 1  # of the rows that were taken
        self._cut = cut
        self._end: ResumePoint | None = None  # the last point that the range may end at
        self._marked: list[ResumePoint] = []  # which do not hold before the row before them is read
        self._json_bytes = 0

    def mark(self, point: ResumePoint) -> None:
        """Note a point before its row is taken."""
        self._marked.append(point)

    def take(self, rows: Iterator[Row]) -> bool:
        """Take the rows up to the end of the round; return whether that is the end of the file."""
        marked = self._marked
        for row in rows:
            self._last = row.number
            while marked and marked[0].row <= self._last + 1:
                self._pass(marked.pop(0))
                if self._is_full():
                    return False
        return True

    def end(self) -> None:
        """End the last range with the last row."""
        if self._end and self._last >= self._first + self._cut.size.rows:
            self._close(self._end)
        if self._last >= self._first:
            self.ranges.append(Range(len(self.ranges), self._first, self._last, self.resume))
        self.resume = self._end or self.resume

    def end_at_point(self) -> bool:
        """End the last range at its last point; return whether there is any range."""
        if self._end:
            self._close(self._end)
        return bool(self.ranges)

    def _pass(self, point: ResumePoint) -> None:
        if point.row <= self._first:
            self.resume = point
            return
        if self._end and self._is_over(point):
            self._close(self._end)
        if self._is_full():
            return
        self._end = point
        if self._is_over(point) or point.row - 1 == self._cut.last:
            self._close(point)

    def _is_over(self, point: ResumePoint) -> bool:
        start = self.resume.byte if self.resume else 0
        size = self._cut.size
        return point.row - self._first > size.rows or point.byte - start > size.size_bytes

    def _close(self, point: ResumePoint) -> None:
        closed = Range(len(self.ranges), self._first, point.row - 1, self.resume)
        self.ranges.append(closed)
        self._json_bytes += len(msgspec.json.encode(closed))
        self._first, self.resume, self._end = point.row, point, None

    def _is_full(self) -> bool:
        is_last = self._cut.last is not None and self._first > self._cut.last
        is_large = self._json_bytes >= MAX_RANGES_BYTES
        return is_last or is_large or len(self.ranges) >= self._cut.max_ranges
