"""One step of the set-up: ``python -m machine.step WHAT FOLDER COMMAND…``.

Says what it does, and then how long it took and how large the folder is. A command that fails is
followed by what it said of its error, the likely cause, and how to go on. It imports nothing that
has to be installed. The Makefile knows which steps have to be done, and marks those that are.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from machine import faults, place

INTERRUPTED = 130
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
TELL_EVERY_S = 20.0
END_LIMIT_S = 10.0
TAIL_LINES = 12
COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
NOTE = "note: "
# npm calls it a success when files were cut off because the disk was full.
CUT_FILES = "TAR_ENTRY_ERROR"
NOISE = re.compile(r"^npm error\s*$|A complete log of this run|^\s*$")
TELLING = re.compile(r"^\s*(npm )?(error|cause|hint|fatal)\b", re.IGNORECASE)
AGAIN = "Then run the same make again: what is complete is not done twice."


def run(what: str, folder: Path, command: Sequence[str]) -> int:
    """Run a command as the step ``what``, which fills ``folder``, and return its exit code."""
    print(f"set-up: {what}", flush=True)
    started = time.monotonic()
    try:
        code, said = _run(what, command)
    except OSError as error:
        return _fail(what, faults.describe(error), "", folder)
    except KeyboardInterrupt:
        print(f"interrupted: {what}. {AGAIN}", file=sys.stderr)
        return INTERRUPTED
    if code or CUT_FILES in said:
        return _fail(what, "", said + ("\nKilled" if code == -signal.SIGKILL else ""), folder)
    for line in said.splitlines():
        if line.startswith(NOTE):
            print(f"  {line}")
    seconds = time.monotonic() - started
    print(f"  {seconds:.1f} s; {folder}: {_size_bytes(folder) / 1e6:.0f} MB", flush=True)
    return 0


def _run(what: str, command: Sequence[str]) -> tuple[int, str]:
    """Return a command's exit code and output; tell from time to time that it still runs."""
    started = time.monotonic()
    process, is_interrupted = _begin(command)
    with process:
        try:
            if is_interrupted:
                raise KeyboardInterrupt  # noqa: TRY301  # the same as a later one
            while True:
                try:
                    said, _ = process.communicate(timeout=TELL_EVERY_S)
                except subprocess.TimeoutExpired:
                    seconds = time.monotonic() - started
                    print(f"  {seconds:.0f} s so far: {what}", flush=True)
                else:
                    return process.returncode, COLOURS.sub("", said)
        except KeyboardInterrupt:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(END_LIMIT_S)
            process.kill()
            raise


def _begin(command: Sequence[str]) -> tuple[subprocess.Popen[str], bool]:
    """Start a command, and return it with whether a signal to end came meanwhile.

    Raised at once, the signal would leave the command running with nobody to end it.
    """
    early: list[int] = []
    before = {each: signal.signal(each, lambda number, _: early.append(number)) for each in ENDING}
    try:
        process = subprocess.Popen(  # noqa: S603  # the Makefile's
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return process, bool(early)


def _fail(what: str, problem: str, said: str, folder: Path) -> int:
    for line in _telling(said):
        print(f"  | {faults.shortened(line)}", file=sys.stderr)
    known = faults.explain(said + os.environ.get("HTTPS_PROXY", ""))
    why = problem or known or place.explain(folder) or "the lines above say why"
    print(f"error: set-up failed at {what}: {why}. {AGAIN}", file=sys.stderr)
    return 1


def _telling(said: str) -> list[str]:
    """Return the last lines that name the error; if none does, the last ones of all."""
    lines = [line for line in said.splitlines() if not NOISE.search(line)]
    fault = faults.find(said)
    telling = [line for line in lines if TELLING.search(line) or (fault and fault.is_in(line))]
    return (telling or lines)[-TAIL_LINES:]


def _size_bytes(folder: Path) -> int:
    """Return the disk space of all files below ``folder``."""
    files = (Path(place) / name for place, _, names in os.walk(folder) for name in names)
    return sum(file.lstat().st_blocks * 512 for file in files)


def main(arguments: Sequence[str]) -> int:
    """Run the step that the arguments describe; a build server's signal acts as Ctrl-C does."""
    for number in ENDING:
        signal.signal(number, signal.default_int_handler)
    what, folder, *command = arguments
    return run(what, Path(folder), command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
