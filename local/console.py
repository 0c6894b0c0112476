"""The page of a local cloud: one ``ops console`` beside it, which ends with it.

It is a process of the cloud like all others, so ``down`` stops it, and it ends by itself when the
emulator is gone. Starting it again finds the one that runs, unless something else was deployed.
"""

import json
import math
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil

import naming
from local import processes
from local.cloud import Cloud
from local.cloud_state import Record, StateFolder
from local.errors import LocalCloudError
from local.paths import REPOSITORY
from ops.console import server
from ops.console.feed import Feed
from ops.status.survey import Survey
from ops.waiting import find_within, wait_for

START_LIMIT_S = 60.0
_WATCH_S = 1.0


def start(cloud: Cloud) -> str:
    """Return the address of the cloud's page; start the process that serves it if none does.

    Raises:
        LocalCloudError: it did not start; the message is what it said.

    """
    folder = StateFolder(cloud.state_dir)
    if address := _running(folder):
        return address
    with folder.console_log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  # fixed arguments
            [sys.executable, "-m", "local.console", folder.state],
            cwd=REPOSITORY,
            env={**os.environ, processes.STATE_VARIABLE: str(folder.state.resolve())},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ready() -> str:
        if process.poll() is not None:
            raise LocalCloudError(f"the console ended: {folder.console_log.read_text()}")
        return _running(folder)

    found = find_within(ready, limit_s=START_LIMIT_S, poll_s=0.1)
    if not found:
        raise LocalCloudError(f"the console did not start in {START_LIMIT_S:.0f} s")
    return found


def serve(state: Path) -> None:
    """Serve the page of the cloud in ``state`` until it is gone, or the process is ended."""
    cloud, folder = Cloud.find(state), StateFolder(state)
    record = Record.read(folder.record)
    if cloud is None or record is None:
        raise LocalCloudError("the local cloud isn't running: make up")
    server.end_cleanly()
    feed = Feed(Survey(cloud.session(naming.PRIMARY), watches=True))
    token = server.new_token()
    with server.listen(0) as listening, feed.hearing():
        address = server.address(listening, token)
        found = {"pid": os.getpid(), "address": address, "assembly": record.assembly}
        threading.Thread(target=_end_with, args=[record.pid], daemon=True).start()
        server.serve(feed, listening, token, lambda: _write(folder.console, found))


def _running(folder: StateFolder) -> str:
    """Return the address of the running console, empty if there is none for what is deployed.

    One that runs for what was deployed before is ended.
    """
    try:
        found = json.loads(folder.console.read_text())
        record = Record.read(folder.record)
        pid, address = int(found["pid"]), str(found["address"])
    except (OSError, ValueError, KeyError):
        return ""
    if pid not in processes.environments(folder.state):
        return ""
    if record and found["assembly"] == record.assembly:
        return address
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).terminate()
    folder.console.unlink()
    return ""


def _write(file: Path, found: dict[str, object]) -> None:
    """Write ``file`` in one step."""
    unfinished = file.with_suffix(".new")
    unfinished.write_text(json.dumps(found))
    unfinished.replace(file)


def _end_with(pid: int) -> None:
    """End this process once another one has ended, reaped by its parent or not."""
    with suppress(psutil.NoSuchProcess):
        other = psutil.Process(pid)
        wait_for(
            lambda: not other.is_running() or other.status() == psutil.STATUS_ZOMBIE,
            "its end",
            limit_s=math.inf,
            poll_s=_WATCH_S,
        )
    os.kill(os.getpid(), signal.SIGINT)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
