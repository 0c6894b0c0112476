"""One command at a time starts or removes the cloud in a folder; the others wait."""

import fcntl
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from local.progress import Progress
from ops.waiting import POLL_S, wait_for

WAITING = "waiting for another command, which starts or removes the cloud in this folder"


@contextmanager
def locked(
    state: Path, progress: Progress, meanwhile: Callable[[], object] = lambda: None
) -> Iterator[None]:
    """Hold the folder ``state``, which is made if need be, until the block ends.

    While another process holds it, that is said once, and ``meanwhile`` is called now and then.

    Raises:
        OSError: the folder cannot be made.

    """
    said: list[str] = []

    def hold() -> int:
        descriptor = _hold(state)
        if not descriptor:
            if not said:
                said.append(WAITING)
                progress.note(WAITING)
            meanwhile()
        return descriptor

    descriptor = wait_for(hold, "the folder", limit_s=math.inf, poll_s=POLL_S)
    try:
        yield
    finally:
        os.close(descriptor)


def _hold(state: Path) -> int:
    """Return an open descriptor of the folder with the lock on it, 0 if another process has it."""
    state.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(state, os.O_RDONLY)
    except FileNotFoundError:  # removed meanwhile
        return 0
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), state.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return 0
