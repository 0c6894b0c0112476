"""One command at a time starts or removes the cloud in a folder; the others wait."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(state: Path, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the folder ``state``, which is made if need be, until the block ends.

    ``waiting`` is called once if another process holds it, before that one is waited for.

    Raises:
        OSError: the folder cannot be made.

    """
    descriptor = _open(state)
    try:
        while not _hold(descriptor, state, waiting):
            os.close(descriptor)
            descriptor = _open(state)
        yield
    finally:
        os.close(descriptor)


def _open(state: Path) -> int:
    state.mkdir(parents=True, exist_ok=True)
    return os.open(state, os.O_RDONLY)


def _hold(descriptor: int, state: Path, waiting: Callable[[], None] | None) -> bool:
    """Wait for the lock; return whether the folder is still the one of that name."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting:
            waiting()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    held = os.fstat(descriptor)
    try:
        named = state.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(held, named)
