"""Processes of a local cloud, found by a variable that each one inherits.

It also finds what a crash leaves behind: a function's process outlives a killed emulator.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from ops.waiting import find_within, wait_for

# Its value is the cloud's folder.
STATE_VARIABLE = "LOCAL_CLOUD_STATE"
TERMINATE_LIMIT_S = 2.0
KILL_LIMIT_S = 10.0
POLL_S = 0.05


def environments(state: Path) -> dict[int, dict[str, str]]:
    """Return the environment of each live process of the cloud in ``state``, by process id."""
    return {process.pid: environ for process, environ in _processes(state)}


def stop(state: Path) -> None:
    """End every process of the cloud in ``state``: terminate, and after a moment kill.

    Raises:
        WaitError: a killed process does not end.

    """

    def ended() -> bool:
        return not environments(state)

    def killed() -> bool:
        # Repeatedly, because a process may have started another one meanwhile.
        for process, _ in _processes(state):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return ended()

    for process, _ in _processes(state):
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    if not find_within(ended, limit_s=TERMINATE_LIMIT_S, poll_s=POLL_S):
        wait_for(killed, f"the end of {state}'s processes", limit_s=KILL_LIMIT_S, poll_s=POLL_S)


def _processes(state: Path) -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    wanted = str(state.resolve())
    for process in psutil.process_iter(["environ"]):
        environ = process.info["environ"] or {}  # unknown for another user's process
        if environ.get(STATE_VARIABLE) == wanted and process.pid != os.getpid():
            yield process, environ
