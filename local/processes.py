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


def of_others(file: Path) -> dict[int, str]:
    """Return the users of processes that this one may not look into, by process id.

    Those that have ``file`` among their arguments, as a cloud's emulator has its certificate.
    """
    return {
        process.pid: str(process.info["username"])
        for process in psutil.process_iter(["environ", "cmdline", "username"])
        if process.info["environ"] is None
        if str(file.resolve()) in (process.info["cmdline"] or [])
    }


def states() -> set[Path]:
    """Return the folders of all clouds of which a process runs."""
    found = (process.info["environ"] or {} for process in psutil.process_iter(["environ"]))
    return {Path(each[STATE_VARIABLE]) for each in found if STATE_VARIABLE in each}


def stop(state: Path) -> set[int]:
    """End every process of the cloud in ``state``: terminate, and after a moment kill.

    Return the ids of those that ran.

    Raises:
        WaitError: a killed process does not end.

    """
    seen: set[int] = set()

    def ended() -> bool:
        running = environments(state)
        seen.update(running)
        return not running

    def killed() -> bool:
        # Repeatedly, because a process may have started another one meanwhile.
        for process, _ in _processes(state):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return ended()

    for process, _ in _processes(state):
        seen.add(process.pid)
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    if not find_within(ended, limit_s=TERMINATE_LIMIT_S, poll_s=POLL_S):
        wait_for(killed, f"the end of {state}'s processes", limit_s=KILL_LIMIT_S, poll_s=POLL_S)
    return seen


def _processes(state: Path) -> Iterator[tuple[psutil.Process, dict[str, str]]]:
    wanted = str(state.resolve())
    for process in psutil.process_iter(["environ"]):
        environ = process.info["environ"] or {}  # unknown for another user's process
        if environ.get(STATE_VARIABLE) == wanted and process.pid != os.getpid():
            yield process, environ
