"""The ledger of a round: which ranges of a large file are stored, and what they have in common.

A round is a stretch of rows behind those that an entry counts, cut into ranges. They are stored in
any order, several at once and some of them twice, so the entry cannot count them: ``rowsRead`` is
the number of rows that are stored from the first one on, and a run skips as many. Beside it the
entry has the round's plan, the set of ranges that are done, and their sums. One update enters a
range: it adds to set and sums, unless the range is in the set. When all of them are, one more
update adds the sums to the entry's own counts and removes plan, set and sums: the round's rows are
then counted like any others.

Of two plans the one that was begun last is in the entry; the ranges of another are not entered. So
two executions that cut the same rows alike share the work, and one that cuts them otherwise begins
anew, without harm: what is stored is not stored twice.
"""

from typing import Protocol

from services.processor.runtime.large.range_attributes import (
    Known,
    done_ranges,
    finished,
    is_to_be_entered,
    known_of,
    plan_id,
    plan_of,
    sums_of,
)
from services.processor.runtime.large.rounds import Round
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.file_items import FileItems, Update
from services.processor.runtime.storage.ledger_attributes import (
    RANGE_REJECTIONS,
    RANGE_SUMS,
    RANGES_DONE,
    RANGES_PLAN,
    Values,
    assigned,
    by_code,
    encoded,
    entered,
    entry_of,
    reason,
    rejections_of,
)
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, united
from services.processor.runtime.storage.sending import Sending

_IS_OPEN = "contractVersion = :contractVersion AND #status IN (:processing, :suspended)"
_IS_OF_ROUND = f"{_IS_OPEN} AND {RANGES_PLAN}.id = :plan"
_IS_BEGUN = f"{_IS_OF_ROUND} AND rowsRead = :rowsRead"
_IS_TO_BEGIN = f"{_IS_OPEN} AND rowsRead = :rowsRead"
_IS_NOT_DONE = f"{_IS_OF_ROUND} AND NOT contains({RANGES_DONE}, :range)"


class RangeLedger(Protocol):
    """What is stored of the round of a large file that is at work."""

    def known(self, file: SourceFile, deadline: Deadline) -> Known:
        """Return the file's entry, which exists, and the round that is at work."""

    def begin(self, file: SourceFile, planned: Round, deadline: Deadline) -> frozenset[int] | None:
        """Set a round to work, and return which of its ranges are done.

        A round with another plan is forgotten. Return ``None``, and change nothing, if the entry is
        not open any more, or counts other rows than those before the round.
        """

    def enter(
        self, file: SourceFile, plan: str, index: int, counts: Counts, deadline: Deadline
    ) -> None:
        """Count the rows of a range that is stored, once; not if another round is at work."""

    def finish(self, file: SourceFile, done: Round, deadline: Deadline) -> Entry:
        """Enter a round all of whose ranges are done, and return the entry that then stands.

        It is the stored one if the round is not done, or no longer at work.
        """

    def note(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        """Say in an open file's entry what went wrong; it stands until the round is finished."""

    def stop(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        """Make an open file SUSPENDED, without forgetting which ranges are done."""


class DynamoDbRangeLedger:
    """Keeps rounds in the files' own items; needs GetItem and UpdateItem only.

    Every method raises ``OutOfTimeError`` if the update may have been made, after which repeating
    is safe, and ``RefusedError`` if nothing is changed.
    """

    def __init__(self, sending: Sending, table_name: str) -> None:
        self._items = FileItems(sending, table_name)

    def known(self, file: SourceFile, deadline: Deadline) -> Known:
        return known_of(self._items.get(file, deadline), file)

    def begin(self, file: SourceFile, planned: Round, deadline: Deadline) -> frozenset[int] | None:
        values: Values = {"status": {"S": "PROCESSING"}}
        compared = _open(file) | {"rowsRead": {"N": str(planned.first - 1)}}
        of_plan: Values = {"plan": {"S": planned.plan}}
        joined = f"{assigned(values)} REMOVE failure"
        update = Update(joined, _IS_BEGUN, ("status",), values | compared | of_plan)
        stored = self._items.update(file, update, deadline)
        if stored is None:
            values[RANGES_PLAN] = plan_of(planned)
            gone = ("failure", RANGES_DONE, *RANGE_SUMS, RANGE_REJECTIONS)
            begun = f"{assigned(values)} REMOVE {', '.join(gone)}"
            update = Update(begun, _IS_TO_BEGIN, tuple(values), values | compared)
            stored = self._items.update(file, update, deadline)
        return None if stored is None else done_ranges(stored)

    def enter(
        self, file: SourceFile, plan: str, index: int, counts: Counts, deadline: Deadline
    ) -> None:
        added = sums_of(index, counts)
        compared: Values = {"plan": {"S": plan}, "range": {"N": str(index)}}
        if not counts.rejections:
            self._add(file, added, {}, _IS_NOT_DONE, compared, deadline)
            return
        while is_to_be_entered(stored := self._items.get(file, deadline), plan, index):
            known = rejections_of(stored, RANGE_REJECTIONS)
            rejections: Values = {RANGE_REJECTIONS: by_code(united(known, counts.rejections))}
            # The set grows with each range, so it tells whether another one was entered meanwhile.
            same, seen = _has_done(len(done_ranges(stored)))
            condition = f"{_IS_NOT_DONE} AND {same}"
            if self._add(file, added, rejections, condition, compared | seen, deadline):
                return

    def _add(  # noqa: PLR0917  # the parts of one request
        self,
        file: SourceFile,
        added: Values,
        more: Values,
        condition: str,
        compared: Values,
        deadline: Deadline,
    ) -> bool:
        values: Values = {"status": {"S": "PROCESSING"}, **more}
        additions = ", ".join(f"#{name} :{name}" for name in added)
        expression = f"{assigned(values)} ADD {additions}"
        names, given = (*values, *added), values | added | compared | _open(file)
        update = Update(expression, condition, names, given)
        return self._items.update(file, update, deadline) is not None

    def finish(self, file: SourceFile, done: Round, deadline: Deadline) -> Entry:
        stored = self._items.get(file, deadline)
        if plan_id(stored) != done.plan or len(done_ranges(stored)) != done.ranges:
            return entry_of(stored, file)
        entry = finished(stored, file, done)
        values = encoded(entry, file)
        same, seen = _has_done(done.ranges)
        given = values | seen | {"plan": {"S": done.plan}} | _open(file)
        update = Update(entered(values), f"{_IS_OF_ROUND} AND {same}", tuple(values), given)
        if self._items.update(file, update, deadline) is None:
            return entry_of(self._items.get(file, deadline), file)
        return entry

    def note(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        self._set(file, {"failure": reason(failure)}, deadline)

    def stop(self, file: SourceFile, failure: Failure, deadline: Deadline) -> None:
        values: Values = {"failure": reason(failure), "status": {"S": "SUSPENDED"}}
        self._set(file, values, deadline)

    def _set(self, file: SourceFile, values: Values, deadline: Deadline) -> None:
        names = tuple({**values, "status": None})
        update = Update(assigned(values), _IS_OPEN, names, values | _open(file))
        self._items.update(file, update, deadline)


def _open(file: SourceFile) -> Values:
    return {
        "contractVersion": {"N": str(file.contract_version)},
        "processing": {"S": "PROCESSING"},
        "suspended": {"S": "SUSPENDED"},
    }


def _has_done(ranges: int) -> tuple[str, Values]:
    """Return the condition that so many ranges are done, and what it compares with."""
    if not ranges:
        return f"attribute_not_exists({RANGES_DONE})", {}
    return f"size({RANGES_DONE}) = :seen", {"seen": {"N": str(ranges)}}
