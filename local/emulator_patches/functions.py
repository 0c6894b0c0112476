"""Patches of Lambda: where the emulator starts functions, and what it keeps of their output."""

import importlib
import os
import select
import threading
from pathlib import Path
from queue import Queue
from typing import Any
from weakref import WeakKeyDictionary

# Names the interpreter; functions' processes inherit it, like all variables of the emulator.
PYTHON_VARIABLE = "FUNCTIONS_PYTHON"
EFFECTS_VARIABLE = "FUNCTION_EFFECTS"
EFFECTS = Path(__file__).with_name("effects.py")


def run_on_their_own_python() -> None:
    """Start each Python function with the interpreter that ``FUNCTIONS_PYTHON`` names.

    The emulator takes the one that it runs on itself. If ``FUNCTION_EFFECTS`` names a file, what
    the functions do outside their processes is noted there.
    """
    watching = EFFECTS.read_text() if os.environ.get(EFFECTS_VARIABLE) else ""
    workers: Any = importlib.import_module("ministack.core.lambda_runtime")
    detect = workers._detect_runtime_binary  # noqa: SLF001

    def detected(runtime: str) -> tuple[str, str]:
        interpreter, script = detect(runtime)
        if not runtime.startswith("python"):
            return interpreter, script
        return os.environ[PYTHON_VARIABLE], watching + script

    workers._detect_runtime_binary = detected  # noqa: SLF001


class Output:
    """The lines that a process writes to a pipe, each put into ``lines`` once."""

    def __init__(self, pipe: int, lines: "Queue[str]") -> None:
        self._pipe = pipe
        self._lines = lines
        self._begun = b""
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Take whatever has been written; return False once the process has closed the pipe."""
        with self._lock:
            while self._is_written(within_ms=0):
                if not (read := os.read(self._pipe, 1 << 16)):
                    return False
                *whole, self._begun = (self._begun + read).split(b"\n")
                for line in whole:
                    self._lines.put(line.decode(errors="replace"))
            return True

    def take_all(self) -> None:
        """Take what is written until the process closes the pipe."""
        while self.take():
            self._is_written(within_ms=None)

    def _is_written(self, within_ms: int | None) -> bool:
        """Return whether there is something to read, or the end; with ``None``, wait for it."""
        waiting = select.poll()  # one for each thread
        waiting.register(self._pipe, select.POLLIN)
        return bool(waiting.poll(within_ms))


def report_all_that_was_logged() -> None:
    """Let an invocation's log have all lines that its function wrote before it answered.

    The emulator gives another thread five milliseconds to read the next one. On a busy machine the
    last lines come later, and are lost or taken for those of the next invocation.
    """
    workers: Any = importlib.import_module("ministack.core.lambda_runtime")
    worker, other = workers.Worker, workers.ProvidedWorker
    outputs: WeakKeyDictionary[object, Output] = WeakKeyDictionary()
    lock = threading.Lock()
    taken = worker._drain_stderr  # noqa: SLF001  # what is in the queue

    def output(process: Any, lines: "Queue[str]") -> Output:
        with lock:
            if process not in outputs:
                outputs[process] = Output(process.stderr.fileno(), lines)
            return outputs[process]

    def read(self: Any) -> None:
        if process := self._proc:
            output(process, self._stderr_queue).take_all()

    def drain(self: Any) -> str:
        if process := self._proc:
            output(process, self._stderr_queue).take()
        else:  # it was killed, so the thread that reads ends
            self._stderr_thread.join(timeout=1)
        return str(taken(self))

    # What runs in an image of its own has one pipe for everything.
    other._drain_stderr, other._drain_stderr_bounded = taken, worker._drain_stderr_bounded  # noqa: SLF001
    worker._read_stderr, worker._drain_stderr, worker._drain_stderr_bounded = read, drain, drain  # noqa: SLF001
