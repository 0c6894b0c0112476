"""``make down`` says what it has done, and never succeeds while something is left."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local import processes, removal
from local.cloud_state import Record, StateFolder
from local.errors import LocalCloudError
from local.removal import Removal

WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"


@pytest.fixture
def folder(tmp_path: Path) -> StateFolder:
    folder = StateFolder(tmp_path / "cloud")
    folder.temporary.mkdir(parents=True)
    return folder


@pytest.fixture
def running(folder: StateFolder) -> Iterator[list[subprocess.Popen[bytes]]]:
    """An emulator, a page and a function, as far as they can be told apart from outside."""
    environ = {**os.environ, processes.STATE_VARIABLE: str(folder.state.resolve())}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WAITS],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]
    for each in started:
        assert each.stdout
        each.stdout.readline()
    Record(endpoint="", pid=started[0].pid, assembly="").write(folder.record)
    folder.console.write_text(json.dumps({"pid": started[1].pid}))
    yield started
    for each in started:
        each.kill()
        each.communicate()


def test_it_says_what_it_has_stopped_and_removed(
    folder: StateFolder, running: list[subprocess.Popen[bytes]]
) -> None:
    removed = removal.remove(folder)

    assert str(removed) == (
        f"stopped the emulator (pid {running[0].pid}), its page and 1 function; "
        f"removed {folder.run}"
    )
    assert not folder.state.exists()
    assert str(removal.remove(folder)) == "nothing was running"
    assert not folder.state.exists()


def test_the_folder_itself_stays_for_one_who_goes_on_holding_its_lock(folder: StateFolder) -> None:
    removal.clear(folder)

    assert folder.state.exists()
    assert not folder.run.exists()


def test_files_without_a_process_are_removed_and_named(folder: StateFolder) -> None:
    assert str(removal.remove(folder)) == f"nothing was running; removed {folder.run}"


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EBUSY])
def test_what_cannot_be_removed_is_a_failure_that_names_it(
    number: int, folder: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path, *, ignore_errors: bool = False) -> None:
        if not ignore_errors:
            raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(shutil, "rmtree", fail)

    with pytest.raises(LocalCloudError, match=r"run could not be removed: ") as raised:
        removal.remove(folder)

    assert os.strerror(number) in str(raised.value)


def test_another_users_cloud_is_neither_stopped_nor_deleted(
    folder: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = {"environ": None, "cmdline": ["python", f"{folder.tls}/server.pem"], "username": "ada"}
    theirs = type("Theirs", (), {"pid": 4711, "info": info})
    real = psutil.process_iter

    def process_iter(attributes: list[str]) -> Iterator[Any]:
        return iter([*real(attributes), theirs])

    monkeypatch.setattr(psutil, "process_iter", process_iter)

    with pytest.raises(LocalCloudError, match=r"runs as ada \(pid 4711\): only ada can"):
        removal.remove(folder)

    assert folder.run.exists()


def test_it_waits_for_the_command_that_starts_the_cloud_and_ends_it(
    folder: StateFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    """The starting command here ends when its emulator does, and lets the folder go."""
    code = (
        "import fcntl, os, subprocess, sys\n"
        "state = os.open(sys.argv[1], os.O_RDONLY); fcntl.flock(state, fcntl.LOCK_EX)\n"
        f"environ = {{**os.environ, {processes.STATE_VARIABLE!r}: sys.argv[1]}}\n"
        "emulator = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'],"
        " env=environ)\n"
        "print('ready', flush=True); emulator.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, folder.state.resolve()], stdout=subprocess.PIPE
    ) as starting:
        assert starting.stdout
        starting.stdout.readline()

        removed = removal.remove(folder)

    assert str(removed).startswith("stopped a cloud that another command was starting; removed")
    assert starting.returncode == 0
    assert not folder.state.exists()
    assert capsys.readouterr().err.count("waiting for another command") == 1


def test_a_folder_that_was_removed_while_it_was_waited_for_is_made_anew(
    folder: StateFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = fcntl.flock
    gone: list[int] = []

    def removed_meanwhile(descriptor: int, operation: int) -> None:
        if not gone:
            gone.append(descriptor)
            shutil.rmtree(folder.state)
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", removed_meanwhile)

    assert removal.remove(folder) == Removal()
    assert gone
