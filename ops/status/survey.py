"""Ask everything about both regions at once and says what is known, in a bounded time.

First each region's stack is read for the names of its resources, then every question is put, each
by itself. A region that refuses, hangs or denies a call leaves its own lines unknown and no others;
if none of its questions is answered, one line says so. The calls are bounded: one page of each of
the 16 shards of the status index for each of five statuses, and two dozen others.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import naming
from ops.access_point import AccessPoint
from ops.connection import describe
from ops.errors import RefusedError
from ops.region import Region
from ops.status import ledger, probes, replication
from ops.status.asking import Asker
from ops.status.memory import Memory
from ops.status.outputs import MissingOutputError, output
from ops.status.short_timeouts import ImpatientSession
from ops.status.status import DIALS, Key, Status, status_of

FIND_LIMIT_S = 5.0
ASK_LIMIT_S = 8.0
SERVICES = (*probes.SERVICES, "s3control", "sts")
# What changes slowly, or is not what somebody watches for.
SLOW = ("SUSPENDED", "FAILED", "IGNORED", "alarms", "table", "recovery", "stream mapping")
SLOW_S = 10.0
LATE_S = 30.0


class Survey:
    """Looks at the product with one session's credentials; ``lost`` names a region not to ask.

    One survey may look again and again; what does not change between two looks is asked once.
    Who ``watches`` looks every few seconds: what changes slowly is then asked for less often, and
    an answer that is late is for a while the last one that came. ``regions`` are those of the last
    look that were asked, by name.
    """

    def __init__(self, session: Any, *, lost: str = "", watches: bool = False) -> None:
        self._session = ImpatientSession(session)
        self._asked = [name for name in naming.REGIONS if name != lost]
        self.regions: Mapping[str, Region] = {}
        self._found: dict[str, Region] = {}
        self._access_point = ""
        self._unread: dict[str, Exception] = {}  # why a region's stack was not read
        self._identities: dict[str, str] = {}
        self._asker: Asker[Key, Any] = Asker()
        slow = {(name, about): SLOW_S for name in naming.REGIONS for about in SLOW}
        self._memory: Memory = Memory(slow if watches else {}, LATE_S if watches else 0.0)

    def look(self, *, marker: bool = False) -> Status:
        """Ask everything once; with ``marker``, write the markers of replication and read them."""
        regions = self.regions = self._find()
        questions = dict(self._questions(regions, marker=marker))
        due = {key: question for key, question in questions.items() if self._memory.is_due(key)}
        found = self._memory.settle(self._asker.ask(due, ASK_LIMIT_S))
        answers = {key: self._explained(key[0], answer) for key, answer in found.items()}
        answers["", DIALS] = self._dials(answers)
        for name in naming.REGIONS:
            silence = _silence(name, answers)
            for about in (*probes.PROBES, *ledger.STATUSES):
                answers.setdefault((name, about), silence)
        return status_of(answers, self._identities)

    def _find(self) -> dict[str, Region]:
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
                with suppress(MissingOutputError):  # only the standby's stack has it
                    self._access_point = output(found, "AccessPointArn")
            else:
                self._unread[name] = found
            if isinstance(said := answers[name, "identity"], str):
                self._identities[name] = said
        named = {"TableName": naming.TABLE}
        return {
            name: self._found.get(name) or Region(self._session, name, named)
            for name in self._asked
        }

    def _dials(self, answers: Mapping[Key, Any]) -> Any:
        """Return the dials as either region has them, or why nobody says them."""
        found = [answers[name, DIALS] for name in self._asked if (name, DIALS) in answers]
        known = [each for each in found if not isinstance(each, Exception)]
        if found:
            return (known or found)[0]
        missing = MissingOutputError(f"only the stack in {naming.STANDBY} names the access point")
        return self._unread.get(naming.STANDBY, missing)

    def _explained(self, region: str, answer: Any) -> Any:
        """Return an answer; for one that lacks the stack's outputs, why they were not read."""
        is_missing = isinstance(answer, MissingOutputError)
        return self._unread.get(region, answer) if is_missing else answer

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
            if self._access_point:
                yield (name, DIALS), AccessPoint(region, self._access_point).dials


def _silence(region: str, answers: Mapping[Key, Any]) -> Exception:
    """Return why a region's questions that were not asked have no answer: it answers none."""
    errors = [each for (of, _), each in answers.items() if of == region]
    found = [each for each in errors if isinstance(each, Exception)]
    return found[0] if found else RefusedError("given as lost")
