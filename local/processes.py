"""Processes of a local cloud, its emulator and the functions: found by a mark in their environment.

The mark also finds what a crash has left: a function's process outlives a killed emulator.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

# Inherited by every child; its value is the cloud's folder.
MARK = "LOCAL_CLOUD_STATE"
PATIENCE_S = 2
POLL_S = 0.05


def marked(state: Path) -> dict[int, dict[str, str]]:
    """Live processes of the cloud in ``state``: their environments by process id."""
    wanted = str(state.resolve())
    found = {pid: environ for pid, environ in _environments() if environ.get(MARK) == wanted}
    return {pid: environ for pid, environ in found.items() if pid != os.getpid()}


def stop(state: Path) -> None:
    """End every process of the cloud in ``state``: politely first, and certainly."""
    deadline = time.monotonic() + PATIENCE_S
    _signal(marked(state), signal.SIGTERM)
    while marked(state):
        if time.monotonic() > deadline:
            _signal(marked(state), signal.SIGKILL)
        time.sleep(POLL_S)


def _signal(pids: dict[int, dict[str, str]], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _environments() -> Iterator[tuple[int, dict[str, str]]]:
    proc = Path("/proc")
    return _from_proc(proc) if proc.is_dir() else _from_ps()


def _from_proc(proc: Path) -> Iterator[tuple[int, dict[str, str]]]:
    for folder in proc.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            raw = (folder / "environ").read_bytes()
        except OSError:  # gone, or another user's
            continue
        yield int(folder.name), _variables(raw.decode(errors="replace").split("\0"))


def _from_ps() -> Iterator[tuple[int, dict[str, str]]]:
    """Without ``/proc`` (macOS). A value is cut at a space, so the folder must have none."""
    command = ["ps", "axeww", "-o", "pid=,command="]
    listing = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    for line in listing.stdout.splitlines():
        pid, *words = line.split()
        yield int(pid), _variables(words)


def _variables(entries: list[str]) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in entries)
    return {name: value for name, equals, value in pairs if name and equals}
