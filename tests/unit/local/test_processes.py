import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import processes

WAITS = "import sys; print('ready', flush=True); sys.stdin.read()"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"


def start(code: str, state: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, processes.STATE_VARIABLE: str(state), "ANSWER": "42"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.readline()
    return process


@pytest.fixture
def other(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with start(WAITS, tmp_path / "other") as process:
        yield process
        process.kill()


def test_a_clouds_processes_are_found_by_their_mark_with_their_environment(
    tmp_path: Path, other: subprocess.Popen[bytes]
) -> None:
    with start(WAITS, tmp_path) as process:
        found = processes.environments(tmp_path)
        process.kill()

    assert list(found) == [process.pid]
    assert found[process.pid]["ANSWER"] == "42"
    assert other.pid not in found


def test_stopping_a_cloud_leaves_another_ones_processes_alone(
    tmp_path: Path, other: subprocess.Popen[bytes]
) -> None:
    with start(WAITS, tmp_path) as process:
        processes.stop(tmp_path)

    assert process.returncode == -15
    assert other.poll() is None


def test_a_process_that_ignores_a_polite_request_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "TERMINATE_LIMIT_S", 0.1)

    with start(STUBBORN, tmp_path) as process:
        processes.stop(tmp_path)

    assert process.returncode == -9
    assert processes.environments(tmp_path) == {}
