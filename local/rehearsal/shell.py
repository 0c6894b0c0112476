"""A build's script in a shell of its own, which leaves no process behind."""

import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local.rehearsal.errors import ActionError

LOG_TAIL_LINES = 15


def run(
    script: str, *, folder: Path, environment: Mapping[str, str], log: Path, limit_s: float
) -> None:
    """Run ``script`` with its output in ``log``; raise ``ActionError`` when it fails."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603  # runs what the pipeline's definition says
            ["/bin/bash", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            status = process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise ActionError(f"build takes more than {limit_s:g} s", tail=_tail(log)) from None
        finally:
            _end(process)
    if status:
        raise ActionError(f"build ended with {status}", tail=_tail(log))


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the build and whatever it has started and left running."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _tail(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()
    return "\n".join(lines[-LOG_TAIL_LINES:])
