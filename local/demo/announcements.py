"""Which rows of a file its region must have announced, and which it has.

A record is announced when its status or its digest changes. So a row whose item is there now must
have been announced, unless the record was the same before the run or another row of the run had
made it the same. If other rows have changed the record in between, both are right: the order in
which they were stored is not known. The same holds for a row whose record is a newer one by now.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from local.demo.table_census import Address, Content, Record
from ops.change_events import Announced

Heard = Mapping[Address, Counter[Content]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Announcements:
    """How often each row must have been announced, and has been; rows that may be are left out."""

    due: Mapping[int, int]
    made: Mapping[int, int]

    @property
    def are_complete(self) -> bool:
        """Return whether every row that is due has been announced."""
        return all(self.made.get(row, 0) >= times for row, times in self.due.items())


def by_record(announced: Iterable[Announced]) -> Heard:
    """Return how often each record has been announced with each content."""
    heard: defaultdict[Address, Counter[Content]] = defaultdict(Counter)
    for each in announced:
        heard[each.record_id, each.timestamp][each.status, each.digest] += 1
    return heard


def announcements(
    rows: Mapping[int, Record],
    superseded: Collection[int],
    before: Mapping[Address, Record],
    of_file: Collection[Announced],
    of_run: Heard,
) -> Announcements:
    """Compare what is due for a file with what has been announced of it.

    ``rows`` are the items that are there now, ``superseded`` the other accepted rows, ``before``
    the records as they were, and ``of_run`` what all files of the run have announced.
    """
    own: defaultdict[int, Counter[Content]] = defaultdict(Counter)
    for each in of_file:
        own[each.row][each.status, each.digest] += 1
    due, optional = {}, set(superseded)
    for row, record in rows.items():
        others = of_run.get(record.address, Counter()) - own.get(row, Counter())
        was_same = record.address in before and before[record.address].content == record.content
        if record.content in others or (was_same and others):
            optional.add(row)
        elif not was_same:
            due[row] = 1
    made = {row: times.total() for row, times in own.items() if row not in optional}
    return Announcements(due=due, made=made)
