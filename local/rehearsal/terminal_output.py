"""Console output of a rehearsal: a line for each action when it ends."""

import sys
from typing import TextIO

from local.rehearsal.pipeline_execution import ActionRecord, Execution, Status

MARKS = {Status.SUCCEEDED: "✓", Status.FAILED: "✗", Status.IN_PROGRESS: "…"}
CLEAR_LINE = "\r\033[K"
REVISION_LENGTH = 10


class Console:
    """Writes to standard error; on a terminal, the running action is shown as well."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._stage = ""

    def started(self, execution: Execution) -> None:
        self._stage = ""
        self.note(f"\nexecution {execution.id[:8]} ({execution.trigger})")

    def running(self, action: ActionRecord) -> None:
        if action.stage != self._stage:
            self._stage = action.stage
            self.note(f"  {action.stage}")
        if self._stream.isatty():
            self._write(f"    … {action.name}")

    def ended(self, action: ActionRecord, tail: str) -> None:
        """Write the action's line, and ``tail`` indented below it."""
        self._erase()
        mark = MARKS[action.status]
        self.note(f"    {mark} {action.name:<54} {action.seconds:6.1f} s  {action.message}")
        for line in tail.splitlines():
            self.note(f"        | {line[:160]}")

    def finished(self, execution: Execution) -> None:
        revision = execution.revision[:REVISION_LENGTH]
        self.note(f"  {execution.status.value} {revision} in {execution.seconds:.0f} s")

    def _erase(self) -> None:
        if self._stream.isatty():
            self._write(CLEAR_LINE)

    def note(self, line: str) -> None:
        self._write(f"{line.rstrip()}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
