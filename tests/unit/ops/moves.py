"""Moves of the traffic in a faked product of two regions."""

from datetime import UTC, datetime, timedelta
from typing import Any

from naming import PRIMARY, STANDBY
from ops.deployment import Deployment
from ops.failover import Move
from ops.steps import Result
from services.processor.runtime.attributes import utc_ms
from tests.unit.ops.two_regions import TwoRegions

PLANNED = [
    *("check", "canary-before", "dials", "upload", "drain", "marker", "reconcile", "canary"),
    "takeover-off",
]
AFTER_LOSS = ["check", "dials", "takeover", "upload", "canary"]
TO_STANDBY = {PRIMARY: 0, STANDBY: 100}
TO_PRIMARY = {PRIMARY: 100, STANDBY: 0}


def away(world: TwoRegions, lost: str | None = None, **options: Any) -> Move:  # noqa: ANN401
    """Return the move to the standby."""
    return Move(action="FAILOVER", to=STANDBY, deployment=Deployment(world, lost), **options)


def back(world: TwoRegions, lost: str | None = None, **options: Any) -> Move:  # noqa: ANN401
    """Return the move to the primary."""
    return Move(action="FAILBACK", to=PRIMARY, deployment=Deployment(world, lost), **options)


def minutes_ago(minutes: float) -> str:
    return utc_ms(datetime.now(UTC) - timedelta(minutes=minutes))


def outcomes(results: list[Result]) -> dict[str, str]:
    return {result.step.name: str(result.outcome) for result in results}
