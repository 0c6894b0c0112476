"""Asks everything about both regions at once and says what is known, in a bounded time.

First each region's stack is read for the names of its resources, then every question is put, each
by itself. A region that refuses, hangs or denies a call leaves its own lines unknown and no others;
if none of its questions is answered, one line says so. The calls are bounded: one page of each of
the 16 shards of the status index for each of five statuses, and two dozen others.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import naming
from ops.connection import describe
from ops.errors import RefusedError
from ops.region import Region
from ops.status import ledger, probes, replication, routes
from ops.status.asking import Asker
from ops.status.file_lines import file_lines
from ops.status.ledger import Listings, SeenFile
from ops.status.lines import Answer, Line, State, as_plain, unknown, verdict
from ops.status.outputs import MissingOutputError
from ops.status.reasons import Unreachable, answer_to
from ops.status.short_timeouts import ImpatientSession
from ops.status.words import now
from services.processor.runtime.attributes import utc_ms

FIND_LIMIT_S = 5.0
ASK_LIMIT_S = 8.0
SERVICES = (*probes.SERVICES, "s3control", "sts")
Key = tuple[str, str]  # region, subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """What was known at one moment; ``identities`` say whom each region takes us for."""

    at: datetime
    lines: tuple[Line, ...]
    files: tuple[SeenFile, ...]
    identities: Mapping[str, str]
    dials: Mapping[str, int]

    @property
    def verdict(self) -> State:
        """Return the state of the whole."""
        return verdict(self.lines)

    def of(self, region: str) -> tuple[Line, ...]:
        """Return the lines of a region; of ``""`` those that belong to none."""
        return tuple(line for line in self.lines if line.region == region)

    def plain(self) -> dict[str, Any]:
        """Return the verdict and the lines as plain values."""
        return {
            "at": utc_ms(self.at),
            "verdict": self.verdict.value,
            "identities": dict(self.identities),
            "lines": [as_plain(line) for line in self.lines],
        }


class Survey:
    """Looks at the product with one session's credentials; ``lost`` names a region not to ask.

    One survey may look again and again; what does not change between two looks is asked once.
    """

    def __init__(self, session: Any, *, lost: str = "") -> None:
        self._session = ImpatientSession(session)
        self._asked = [name for name in naming.REGIONS if name != lost]
        self._found: dict[str, Region] = {}
        self._unread: dict[str, Exception] = {}  # why a region's stack was not read
        self._identities: dict[str, str] = {}
        self._asker: Asker[Key, Any] = Asker()

    def look(self, *, marker: bool = False) -> Status:
        """Ask everything once; with ``marker``, write the markers of replication and read them."""
        regions = self._regions()
        found = self._asker.ask(dict(self._questions(regions, marker=marker)), ASK_LIMIT_S)
        answers = {key: self._explained(key[0], answer) for key, answer in found.items()}
        for name in naming.REGIONS:
            refusal = RefusedError("given as lost")
            for about in (*probes.PROBES, *ledger.STATUSES) if name not in regions else ():
                answers[name, about] = refusal
        return _status(answers, self._identities)

    def _regions(self) -> dict[str, Region]:
        """Return the regions that are asked; one whose stack was not read has only its table."""
        missing = [name for name in self._asked if name not in self._found]
        questions: dict[Key, Callable[[], Any]] = {
            (name, "stack"): partial(Region.find, self._session, name) for name in missing
        }
        for name in missing:
            questions[name, "identity"] = partial(describe, self._session, name)
        answers = self._asker.ask(questions, FIND_LIMIT_S)
        for name in missing:
            if isinstance(found := answers[name, "stack"], Region):
                self._found[name] = found
                self._unread.pop(name, None)
            else:
                self._unread[name] = found
            if isinstance(said := answers[name, "identity"], str):
                self._identities[name] = said
        named = {"TableName": naming.TABLE}
        return {
            name: self._found.get(name) or Region(self._session, name, named)
            for name in self._asked
        }

    def _explained(self, region: str, answer: Any) -> Any:
        """Return an answer; for one that lacks the stack's outputs, why they were not read."""
        stack = region or naming.STANDBY
        return self._unread.get(stack, answer) if isinstance(answer, MissingOutputError) else answer

    def _questions(
        self, regions: Mapping[str, Region], *, marker: bool
    ) -> Iterator[tuple[Key, Callable[[], Any]]]:
        for name, region in regions.items():
            for service in SERVICES:  # making a client takes a moment, which is no waiting
                region.client(service)
            for about, probe in probes.PROBES.items():
                yield (name, about), partial(probe, region)
            for status, question in ledger.questions(region).items():
                yield (name, status), question
            peer = regions.get(naming.peer(name))
            if marker and peer:
                yield (name, "replication"), partial(replication.measured, region, peer)
        if naming.STANDBY in regions:
            yield ("", "routes"), partial(routes.dials, regions[naming.STANDBY])


def _status(answers: Mapping[Key, Any], identities: Mapping[str, str]) -> Status:
    at = now()
    listings: Listings = {key: found for key, found in answers.items() if key[1] in ledger.STATUSES}
    dials = answers.get(("", "routes"), RefusedError("given as lost"))
    lines = [Line.of("routes", "", _told(dials, routes.answer_of))]
    for name in naming.REGIONS:
        lines += _of_region(name, answers, listings, at)
    return Status(
        at=at,
        lines=tuple(lines),
        files=ledger.merged(listings),
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
        return [Line.of("region", name, _silence(name, own.values())), *certain]
    return lines


def _silence(name: str, answers: Iterable[Exception]) -> Answer:
    said = min(answer_to(answer).says for answer in answers)
    is_receiving = name == naming.PRIMARY
    return unknown(said, f"ops failover --lost-region {name} --dry-run" if is_receiving else "")


def _told(found: Any, tell: Callable[[Any], Answer] = lambda answer: answer) -> Answer:
    return answer_to(found) if isinstance(found, Exception) else tell(found)
