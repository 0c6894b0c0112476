"""Runs of commands against a fake cloud, whose clock is the only one."""

from collections import Counter
from collections.abc import Callable
from unittest.mock import patch

from ops import waiting
from ops.redriving import quarantine
from ops.redriving.jobs import Result, drain, jobs
from ops.redriving.letters import Letter
from tests.unit.ops.redriving.fakes import FakeCloud

FAST = 1e9


def redrive(
    cloud: FakeCloud, only: str = "", limit: int | None = None, *, at_once: int = 1
) -> Result:
    """Redrive the dead letters to the end, or to the caller's."""
    result = Result(job=jobs(cloud.region, only, FAST)[0])
    with patch.object(waiting, "time", cloud):
        for _ in drain(result, limit, at_once=at_once):
            pass
    return result


def give_back(cloud: FakeCloud, is_wanted: Callable[[Letter], bool] = lambda _: True) -> int:
    """Return letters from the quarantine; return how many."""
    with patch.object(waiting, "time", cloud):
        return sum(1 for _ in quarantine.give_back(cloud.region, is_wanted))


def fates(result: Result) -> dict[str, Counter[str]]:
    """Return the number of letters by cause, of each fate."""
    found: dict[str, Counter[str]] = {}
    for group in result.tally.rows():
        found.setdefault(group.fate, Counter())[group.cause.code] += group.letters
    return found
