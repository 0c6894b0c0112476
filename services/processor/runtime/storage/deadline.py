"""The end of an invocation, with what must be kept in reserve before it."""

from collections.abc import Callable
from typing import Self

import msgspec

from services.processor.runtime.errors import OutOfTimeError

# Enough to finish the requests in flight and to save the checkpoint.
RESERVE_MS = 15_000
LAST_CALL_RESERVE_MS = 2_000


class Deadline(msgspec.Struct, frozen=True):
    """When to stop starting new work: ``reserve_ms`` before the invocation is stopped."""

    remaining_ms: Callable[[], int]
    reserve_ms: int = RESERVE_MS

    def left_s(self) -> float:
        """Return the seconds until the deadline, negative when it has passed."""
        return (self.remaining_ms() - self.reserve_ms) / 1000

    def check(self) -> None:
        """Raise ``OutOfTimeError`` when the deadline has passed."""
        if self.left_s() <= 0:
            raise OutOfTimeError(
                f"less than {self.reserve_ms / 1000:g} s left in this invocation; "
                "stopped at the checkpoint"
            )

    def last_call(self) -> Self:
        """Return a later deadline, for what must still be saved when this one has passed."""
        return type(self)(self.remaining_ms, LAST_CALL_RESERVE_MS)
