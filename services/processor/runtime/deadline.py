from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from services.processor.runtime.errors import TransientError

# Enough to end the requests that are under way and to save the checkpoint.
RESERVE_MS: Final = 15_000
LAST_CALL_RESERVE_MS: Final = 2_000


class OutOfTimeError(TransientError):
    """The function would be stopped before this was done."""

    code = "OUT_OF_TIME"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When to stop beginning new work: ``reserve_ms`` before the function is stopped."""

    remaining_ms: Callable[[], int]
    reserve_ms: int = RESERVE_MS

    def left_s(self) -> float:
        return (self.remaining_ms() - self.reserve_ms) / 1000

    def check(self, needed_s: float = 0) -> None:
        """Raise ``OutOfTimeError`` unless more than ``needed_s`` is left."""
        if self.left_s() <= needed_s:
            raise OutOfTimeError(f"the last {self.reserve_ms / 1000:g} s of the run are not begun")

    def last_call(self) -> Deadline:
        """The later deadline, for what must be saved when this one has passed."""
        return Deadline(self.remaining_ms, LAST_CALL_RESERVE_MS)
