"""Failover and failback: which steps there are, and in which order.

**Planned**, both regions work: the target shows that it is fit before anything changes, the dials
move, and then the source is emptied and compared, so that nothing stays behind. **Disaster**, one
region is lost: no client of it is made, and what is there waits until it is back. A failback first
has processed what its region's bucket took in before it was lost.

The dials go through the target's endpoints: those of the source may be what is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import naming
from ops import access_point, audit, failover_steps, reconcile_steps, route_steps, takeover
from ops.access_point import ARN_NOTED, AccessPoint
from ops.audit import Act
from ops.deployment import Deployment
from ops.errors import FindingError, RefusedError
from ops.region import Region
from ops.steps import Outcome, Result, Step, Tell, survey, take, untold
from services.processor.runtime.attributes import utc_ms

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)

# Nothing has been changed before these are over.
_BEFORE_CHANGE = ("check", "canary-before")


@dataclass(frozen=True, kw_only=True)
class Move:
    """A move of the traffic to ``to``; ``deployment`` says whether the other region is lost.

    ``since`` is a timestamp: a lost region's changes are announced from then on, else the files put
    since then are compared; if it is empty, see the steps. ``reason`` goes into the audit record;
    ``force`` passes by what stops a move otherwise.
    """

    action: str
    to: str
    deployment: Deployment
    access_point_arn: str = ""
    since: str = ""
    reason: str = ""
    force: bool = False

    @property
    def target(self) -> Region:
        """Return the region that the uploads go to afterwards."""
        return self.deployment.region(self.to)

    @cached_property
    def access_point(self) -> AccessPoint:
        """Return the access point, spoken to through the target."""
        return access_point.find(self.deployment, self.target, self.access_point_arn)

    @property
    def is_disaster(self) -> bool:
        """Return whether the other region is lost."""
        return self.deployment.lost is not None

    @property
    def steps(self) -> list[Step]:
        """Return the steps in their order."""
        return _after_loss(self) if self.is_disaster else _planned(self)


def look(move: Move) -> Iterator[Result]:
    """Look at every step of a move and change nothing."""
    return survey(move.steps)


def run(move: Move, tell: Tell = untold) -> Iterator[Result]:
    """Make a move, noted in the audit record of the target; yield what became of each step.

    ``tell`` is called with what a step sees while it is under way.

    Raises:
        RefusedError: the target is not fit, and nothing has been changed.
        FindingError: a later step came to an end without what it is for.

    """
    with audit.noted(move.target, _act(move)):
        steps = move.steps
        if (
            not move.is_disaster
        ):  # whatever cannot be asked or is denied shows before anything moves
            list(survey(steps))
        for result in take(steps, force=move.force, tell=tell):
            yield result
            if result.outcome is Outcome.FAILED:
                raise _stopped(result)


def _planned(move: Move) -> list[Step]:
    target, point = move.target, move.access_point
    source = move.deployment.region(naming.peer(move.to))
    both = (target, source)
    return [
        failover_steps.check(target, lost=False),
        failover_steps.canary("canary-before", target, both),
        *_make_good(move, source),
        route_steps.dials(point, move.to),
        route_steps.landing(point, target),
        failover_steps.drain(source),
        failover_steps.replication(source, target),
        reconcile_steps.reconcile("reconcile", source, target, move.since or _ago(AN_HOUR)),
        failover_steps.canary("canary", target, both, point),
        takeover.announce_own_only(source),
    ]


def _make_good(move: Move, source: Region) -> list[Step]:
    """Return the step for a target that comes back: what it took in before it was lost.

    It looks back to the moment from which the source took over, or a day.
    """
    found = takeover.state_of(source)
    if move.to != naming.PRIMARY and not found.is_on:
        return []
    since = move.since or (found.since if found.is_on else _ago(A_DAY))
    return [reconcile_steps.reconcile("returned", move.target, source, since)]


def _ago(span: timedelta) -> str:
    return utc_ms(datetime.now(UTC) - span)


def _after_loss(move: Move) -> list[Step]:
    target, point = move.target, move.access_point
    return [
        failover_steps.check(target, lost=True),
        route_steps.dials(point, move.to),
        takeover.announce_peer(target, move.since),
        route_steps.landing(point, target),
        failover_steps.canary("canary", target, (target,), point),
    ]


def _act(move: Move) -> Act:
    facts = {
        "from": naming.peer(move.to),
        "to": move.to,
        "lost": move.deployment.lost or "",
        "forced": "yes" if move.force else "",
        ARN_NOTED: move.access_point.arn,
    }
    return Act(action=move.action, facts=facts, reason=move.reason)


def _stopped(result: Result) -> Exception:
    words = f"{result.step.name}: {result.seen}"
    if result.step.name in _BEFORE_CHANGE:
        remedy = "nothing was changed; to continue regardless: --force --reason TEXT"
        return RefusedError(f"{words}; {remedy}")
    return FindingError(f"{words}; fix that, then run the same command again")
