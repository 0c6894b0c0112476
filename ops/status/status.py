"""The status as a whole: a line for every question that was put, answered or not."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import naming
from ops.errors import RefusedError
from ops.status import ledger, probes, replication, routes
from ops.status.file_lines import file_lines
from ops.status.ledger import Listings, SeenFile
from ops.status.lines import Answer, Line, State, as_plain, unknown, verdict
from ops.status.reasons import Unreachable, answer_to
from ops.status.words import now
from services.processor.runtime.attributes import utc_ms

Key = tuple[str, str]  # region, subject
# The subject of the one line of a region that answers nothing.
SILENT = "region"
# The question for the routes, which each region is asked and which belongs to none.
DIALS = "dials"


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What was known at one moment.

    ``unlisted`` are the statuses whose files no region has listed, with the reason; ``identities``
    say whom each region takes us for.
    """

    at: datetime
    lines: tuple[Line, ...]
    files: tuple[SeenFile, ...]
    unlisted: Mapping[str, str]
    identities: Mapping[str, str]
    dials: Mapping[str, int]

    @property
    def verdict(self) -> State:
        """Return the state of the whole."""
        return verdict(self.lines)

    def of(self, region: str) -> tuple[Line, ...]:
        """Return the lines of a region; of ``""`` those that belong to none."""
        return tuple(line for line in self.lines if line.region == region)

    def is_silent(self, region: str) -> bool:
        """Return whether a region answers nothing, or is not asked."""
        return any(line.about == SILENT for line in self.of(region))

    def plain(self) -> dict[str, Any]:
        """Return the verdict and the lines as plain values."""
        return {
            "at": utc_ms(self.at),
            "verdict": self.verdict.value,
            "identities": dict(self.identities),
            "lines": [as_plain(line) for line in self.lines],
        }


def status_of(answers: Mapping[Key, Any], identities: Mapping[str, str]) -> Status:
    """Return what follows from the answers to all questions, of which some are errors."""
    at = now()
    listings: Listings = {key: found for key, found in answers.items() if key[1] in ledger.STATUSES}
    dials = answers["", DIALS]
    lines = [Line.of("routes", "", _told(dials, routes.answer_of))]
    for name in naming.REGIONS:
        lines += _of_region(name, answers, listings, at)
    return Status(
        at=at,
        lines=tuple(lines),
        files=ledger.merged(listings),
        unlisted=ledger.unlisted(listings),
        identities=dict(identities),
        dials=dials if isinstance(dials, Mapping) else {},
    )


def _of_region(
    name: str, answers: Mapping[Key, Any], listings: Listings, at: datetime
) -> Iterable[Line]:
    own = {about: answers[name, about] for about in probes.PROBES}
    measured = answers.get((name, "replication"))
    of_replication = (
        replication.observed(name, listings, at) if measured is None else _told(measured)
    )
    lines = [
        *file_lines(name, listings, at),
        Line.of("replication", name, of_replication),
        *(Line.of(about, name, _told(answer)) for about, answer in own.items()),
    ]
    if all(isinstance(answer, (*Unreachable, RefusedError)) for answer in own.values()):
        certain = [line for line in lines if line.state is State.ATTENTION]
        return [Line.of(SILENT, name, _silence(name, own.values())), *certain]
    return lines


def _silence(name: str, answers: Collection[Exception]) -> Answer:
    said = min(answer_to(answer).says for answer in answers)
    if not any(isinstance(answer, RefusedError) for answer in answers):
        said = f"not reachable: {said}"
    is_receiving = name == naming.PRIMARY
    return unknown(said, f"ops failover --lost-region {name} --dry-run" if is_receiving else "")


def _told(found: Any, tell: Callable[[Any], Answer] = lambda answer: answer) -> Answer:
    return answer_to(found) if isinstance(found, Exception) else tell(found)
