"""Removal of a local cloud, in whatever condition: processes, files, and what is left of them."""

import json
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from local import processes
from local.cloud_lock import locked
from local.cloud_state import Record, StateFolder
from local.errors import LocalCloudError
from local.progress import Progress
from local.tls_certificate import Certificate
from machine import faults
from ops.output import counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Removal:
    """What was stopped and deleted: ids of processes, and a folder, if it was there."""

    emulator: int = 0
    page: int = 0
    functions: int = 0
    folder: Path | None = None
    was_starting: bool = False

    def __str__(self) -> str:
        """Return one sentence."""
        stopped = [
            *(["a cloud that another command was starting"] if self.was_starting else []),
            *([f"the emulator (pid {self.emulator})"] if self.emulator else []),
            *(["its page"] if self.page else []),
            *([counted(self.functions, "function")] if self.functions else []),
        ]
        done = [f"stopped {_joined(stopped)}"] if stopped else ["nothing was running"]
        return "; ".join([*done, *([f"removed {self.folder}"] if self.folder else [])])


def remove(folder: StateFolder) -> Removal:
    """Stop all processes of the cloud, delete its files, and return what there was.

    Repeating it does no harm. A cloud that another command is starting is stopped as well, which
    ends that command.

    Raises:
        LocalCloudError: something is left; the message names it, and what to do.

    """
    if not folder.state.exists() and not processes.environments(folder.state):
        return Removal()
    stopped: set[int] = set()
    with locked(folder.state, Progress(), lambda: stopped.update(processes.stop(folder.state))):
        return replace(discard(folder), was_starting=bool(stopped))


def discard(folder: StateFolder) -> Removal:
    """Do what :func:`remove` does, for one who holds the folder's lock."""
    removed = clear(folder)
    with suppress(OSError):  # it holds an assembly
        folder.state.rmdir()
    return removed


def clear(folder: StateFolder) -> Removal:
    """Do what :func:`discard` does, but keep the folder itself, to go on holding its lock."""
    require_own(folder)
    record, page = Record.read(folder.record), _page(folder)
    existed = folder.run.exists()
    with _uninterrupted():
        stopped = processes.stop(folder.state)
        problem = _delete(folder.run)
    if folder.run.exists():
        why = faults.describe(problem) if problem else "a process still writes to it"
        raise LocalCloudError(f"{folder.run} could not be removed: {why}")
    emulator = record.pid if record and record.pid in stopped else 0
    known = {pid for pid in (emulator, page) if pid}
    return Removal(
        emulator=emulator,
        page=page if page in stopped else 0,
        functions=len(stopped - known),
        folder=folder.run if existed else None,
    )


def _page(folder: StateFolder) -> int:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(folder.console.read_text())["pid"])
    return 0


def _delete(path: Path) -> OSError | None:
    """Delete as much as can be; return the error that was in the way of the rest."""
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        shutil.rmtree(path, ignore_errors=True)
        return error
    return None


def require_own(folder: StateFolder) -> None:
    """Raise ``LocalCloudError`` if another user runs a cloud in this folder."""
    for pid, user in processes.of_others(Certificate(folder.tls).server).items():
        raise LocalCloudError(
            f"the cloud in {folder.state} runs as {user} (pid {pid}): only {user} can use and stop "
            "it; take a clone of your own"
        )


def _joined(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C, pressed once more, not break off the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, signal.SIG_IGN)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
