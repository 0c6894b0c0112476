"""What the product is doing: the newest files with their counts, and what follows from those.

Bounded like the status itself: the counts of the 60 newest files at most, of which those that are
final are read once. A role that may not read the ledger still sees the files, without counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import naming
from ops import items
from ops.files import FINAL_STATUSES
from ops.items import Item, Key, plain
from ops.region import Region
from ops.status.asking import Asker
from ops.status.ledger import SeenFile
from ops.status.reasons import answer_to
from ops.status.status import Status

MOST_FILES = 60
LIMIT_S = 8.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How far a file has come; ``rejections`` are rows by reason code."""

    rows_read: int
    rows_accepted: int
    rows_rejected: int
    size_bytes: int
    rejections: Mapping[str, int]

    @classmethod
    def of(cls, item: Item) -> "Counts":
        """Return the counts of a ledger entry; rows that ranges have stored count as well."""
        entry = plain(item)
        in_ranges = {name: int(entry.get(f"range{name}", 0)) for name in _OF_RANGES}
        return cls(
            rows_read=int(entry.get("rowsRead", 0)) + in_ranges["Rows"],
            rows_accepted=int(entry.get("rowsAccepted", 0)) + in_ranges["Accepted"],
            rows_rejected=int(entry.get("rowsRejected", 0)) + in_ranges["Rejected"],
            size_bytes=int(entry.get("sizeBytes", 0)),
            rejections={
                code: int(each["rows"]) for code, each in entry.get("rejections", {}).items()
            },
        )


# Until a large file is complete, its rows are counted apart from those of a run.
_OF_RANGES = ("Rows", "Accepted", "Rejected")


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """The newest files, and the counts of those that have any; ``silence`` says why some lack.

    ``unlisted`` are the statuses whose files are not known at all, with the reason.
    """

    files: tuple[SeenFile, ...]
    counts: Mapping[str, Counts] = field(default_factory=dict)
    silence: str = ""
    unlisted: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Return whether every status was listed and every file has its counts."""
        return not self.unlisted and all(file.id in self.counts for file in self.files)

    @property
    def statuses(self) -> Counter[str]:
        """Count the files by status."""
        return Counter(file.status for file in self.files)

    @property
    def rejections(self) -> list[tuple[str, int]]:
        """Return the rows that were rejected by reason code, the most frequent first."""
        total: Counter[str] = Counter()
        for each in self.counts.values():
            total.update(each.rejections)
        return total.most_common()

    @property
    def rows(self) -> tuple[int, int]:
        """Return how many rows were accepted and how many rejected."""
        found = self.counts.values()
        return sum(each.rows_accepted for each in found), sum(each.rows_rejected for each in found)


class ActivityReader:
    """Reads the activity again and again; what is final is read once."""

    def __init__(self) -> None:
        self._final: dict[tuple[str, str], Counts] = {}
        self._asker: Asker[str, Mapping[str, Counts]] = Asker()

    def read(self, regions: Mapping[str, Region], status: Status) -> Activity:
        """Return the activity of the files that a look at the status has found."""
        files = status.files[:MOST_FILES]
        answering = [name for name in regions if not status.is_silent(name)]
        known = {
            file.id: self._final[file.id, file.status]
            for file in files
            if (file.id, file.status) in self._final
        }
        questions = {
            name: partial(_counts, regions[name], keys)
            for name, keys in _wanted(files, known, answering).items()
        }
        answers = self._asker.ask(questions, LIMIT_S)
        for found in answers.values():
            if not isinstance(found, Exception):
                known |= found
        self._final = {
            (file.id, file.status): known[file.id]
            for file in files
            if file.status in FINAL_STATUSES and file.id in known
        }
        failures = [
            answer_to(each).says for each in answers.values() if isinstance(each, Exception)
        ]
        silence = min([*status.unlisted.values(), *failures], default="")
        return Activity(files=files, counts=known, silence=silence, unlisted=status.unlisted)


def _wanted(
    files: Iterable[SeenFile], known: Mapping[str, Any], answering: Iterable[str]
) -> dict[str, list[Key]]:
    """Return the keys to read in each region: a file's own, or its peer if that is silent."""
    answering = set(answering)
    wanted: dict[str, list[Key]] = {}
    for file in files:
        for name in (file.region, naming.peer(file.region)):
            if name in answering and file.id not in known:
                wanted.setdefault(name, []).append(Key(file.id, file.timestamp))
                break
    return wanted


def _counts(region: Region, keys: Iterable[Key]) -> dict[str, Counts]:
    return {items.key_of(each).record_id: Counts.of(each) for each in items.read_many(region, keys)}
