"""Console output of a rehearsal: a line for each action when it ends, and signs of life before."""

import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

from local.rehearsal.pipeline_execution import ActionRecord, Execution, Status
from ops import progress

MARKS = {Status.SUCCEEDED: "✓", Status.FAILED: "✗", Status.IN_PROGRESS: "…"}
REVISION_LENGTH = 10
WIDTH = 160
# What a build writes before each of its commands, and pytest at the end of its lines.
COMMAND = re.compile(r"^\[(?:install|pre_build|build|post_build)\] (.*)$", re.MULTILINE)
SHARE = re.compile(r"\[ *(\d+)%\]$")


class Console:
    """Writes to standard error; while an action runs, it shows which, and what it is doing."""

    def __init__(
        self, stream: TextIO | None = None, pulse: progress.Pulse = progress.pulse
    ) -> None:
        self._stream = stream or sys.stderr
        self._pulse = pulse
        self._stage = ""

    def started(self, execution: Execution) -> None:
        self._stage = ""
        self.note(f"\nexecution {execution.id[:8]} ({execution.trigger})")

    def between(self, name: str) -> AbstractContextManager[None]:
        """Show for how long the scenario ``name`` lasts, whenever no action runs."""
        return self._pulse(
            lambda elapsed_s: f"    … {name}: {progress.duration(elapsed_s)}, no action runs now",
            stream=self._stream,
        )

    @contextmanager
    def running(self, action: ActionRecord) -> Iterator[None]:
        """Show for how long the action has been running, at least every 20 seconds."""
        if action.stage != self._stage:
            self._stage = action.stage
            self.note(f"  {action.stage}")

        def text(elapsed_s: float) -> str:
            lasting = f"{action.stage}, {action.name}: {progress.duration(elapsed_s)}"
            return f"    … {lasting}{_doing(action.log)}"

        with self._pulse(text, stream=self._stream):
            yield

    def asked(self, shown: Mapping[str, str]) -> None:
        """Write what the mail to the approvers says, with the commit and the link."""
        with progress.hidden():
            for name in ("question", "revision", "evidence"):
                for line in textwrap.wrap(
                    f"{name:<9} {shown[name]}", WIDTH, break_on_hyphens=False
                ):
                    self.note(f"        | {line}")

    def ended(self, action: ActionRecord, tail: str) -> None:
        """Write the action's line, and ``tail`` indented below it."""
        mark = MARKS[action.status]
        self.note(f"    {mark} {action.name:<54} {action.seconds:6.1f} s  {action.message}")
        for line in tail.splitlines():
            self.note(f"        | {line[:WIDTH]}")

    def finished(self, execution: Execution) -> None:
        revision = execution.revision[:REVISION_LENGTH]
        self.note(f"  {execution.status.value} {revision} in {execution.seconds:.0f} s")

    def note(self, line: str) -> None:
        self._stream.write(f"{line.rstrip()}\n")
        self._stream.flush()


def _doing(log: str) -> str:
    """Return what a build's log says it is doing: its last command, and how far that is."""
    file = Path(log)
    written = file.read_text(errors="replace") if log and file.exists() else ""
    commands = list(COMMAND.finditer(written))
    if not commands:
        return ""
    share = SHARE.search(written[commands[-1].end() :].rstrip())
    return f", {commands[-1][1]}" + (f", {share[1]} %" if share else "")
