"""Waiting in tests: they poll often, because some must catch a moment, and give up late."""

from collections.abc import Callable
from typing import TypeVar

from ops import waiting

POLL_S = 0.05
LIMIT_S = 120.0
# The same for the waiters of boto3.
OFTEN = {"Delay": 0.1, "MaxAttempts": 1200}
Found = TypeVar("Found")


def wait_for(
    check: Callable[[], Found], missing: str | Callable[[], object], limit_s: float = LIMIT_S
) -> Found:
    """Return the first true result of ``check``; raise ``WaitError`` naming what is ``missing``."""
    return waiting.wait_for(check, missing, limit_s=limit_s, poll_s=POLL_S)
