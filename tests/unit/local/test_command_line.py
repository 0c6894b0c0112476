"""Whatever goes wrong ends in one sentence with cause and remedy, and never in a traceback."""

import errno
import os
import shutil
import subprocess
from collections.abc import Callable

import click
import psutil
import pytest
from botocore.exceptions import EndpointConnectionError

from local import command_line
from local.errors import LocalCloudError
from ops.waiting import WaitError


def failing(error: BaseException) -> click.Command:
    def fail() -> None:
        raise error

    return click.command(fail)


def of_system(number: int) -> OSError:
    return OSError(number, os.strerror(number), "/srv/project/build/cloud")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (of_system(errno.ENOSPC), "is full: free some space"),
        (of_system(errno.EROFS), "can only be read: copy or clone"),
        (of_system(errno.EACCES), "belongs to another user"),
        (of_system(errno.EADDRINUSE), "another program has the port: name another one"),
        (psutil.AccessDenied(7), "belongs to another user"),
        (EndpointConnectionError(endpoint_url="https://x"), "start it again with make up"),
        (WaitError("waited 60 s for the route"), "waited 60 s for the route"),
        (subprocess.CalledProcessError(1, ["git"], stderr="fatal: No space left on device"),
         "fatal: No space left on device; the disk"),
    ],
)  # fmt: skip
def test_a_failure_is_one_sentence(
    error: Exception, cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.run(failing(error), []) == command_line.FAILED

    printed = capsys.readouterr()
    assert printed.out == ""
    last = printed.err.splitlines()[-1]
    assert last.startswith("error: ")
    assert cause in last


@pytest.mark.parametrize(
    ("log", "told"),
    [
        (
            "Traceback\nOSError: [Errno 28] No space left on device",
            "; OSError: [Errno 28] No space",
        ),
        ("Ready\nCannot allocate memory", "; Cannot allocate memory; memory has run out"),
        ("Ready — 91 services", "error: the emulator ended"),
    ],
)
def test_the_sentence_includes_the_emulators_own_error(
    log: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command_line.run(failing(LocalCloudError(f"the emulator ended\n{log}\n")), [])

    *details, last = capsys.readouterr().err.splitlines()
    assert details == [f"  | {line}" for line in log.splitlines()]
    assert told in last


def test_what_is_too_long_to_be_read_is_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    """As the copy of a folder fails: Python lists every file, in one line."""
    files = [("one.py", "other.py", f"[Errno {errno.ENOSPC}] No space left on device")] * 1000
    for error in (shutil.Error(files), LocalCloudError(f"cdk synth failed:\n{files}")):
        command_line.run(failing(error), [])

        lines = capsys.readouterr().err.splitlines()
        assert max(map(len, lines)) < 600
        assert "free some space" in lines[-1]


def test_a_remedy_is_not_said_twice(capsys: pytest.CaptureFixture[str]) -> None:
    command_line.run(failing(of_system(errno.ENOSPC)), [])

    assert capsys.readouterr().err.count("free some space") == 1


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, click.Abort])
def test_an_interruption_says_what_to_do_next(
    interruption: Callable[[], BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    code = command_line.run(failing(interruption()), [], "make down removes it")

    assert code == command_line.INTERRUPTED
    assert capsys.readouterr().err.strip().endswith("interrupted; make down removes it")
