"""Nobody looks at a rehearsal for more than 20 seconds without a sign of life."""

import io
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TextIO

from local.rehearsal.action import Context
from local.rehearsal.action_runner import ActionRunner, Run
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.pipeline_execution import Execution, Status
from local.rehearsal.terminal_output import Console
from ops import progress
from tests.unit.rehearsal.fakes import NOBODY, action, pipeline, stage

LOG = """[install] true
[build] make check
All checks passed!
[build] make infra
................................ [ 35%]
................................ [ 43%]
"""


class Clock:
    """Time that passes only when a build :meth:`spends <spend>` it, and then at once."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._ended = threading.Event()
        self._waiting = threading.Semaphore(0)
        self._spent = threading.Semaphore(0)

    def begin(self) -> None:
        """Return when somebody waits."""
        assert self._waiting.acquire(timeout=10)

    def spend(self) -> None:
        """Let one wait of whoever shows progress pass; return when that is shown."""
        self._spent.release()
        assert self._waiting.acquire(timeout=10)

    def end(self) -> None:
        self._ended.set()
        self._spent.release()

    def wait(self, seconds: float) -> bool:
        self._waiting.release()
        assert self._spent.acquire(timeout=10)
        self.now_s += seconds
        return self._ended.is_set()

    def pulse(
        self, text: Callable[[float], str], *, stream: TextIO
    ) -> AbstractContextManager[None]:
        return progress.pulse(text, stream=stream, clock=lambda: self.now_s, wait=self.wait)


class SlowBuild:
    """A build that lasts a bit more than 30 seconds, and writes its log after 15 of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def run(self, context: Context) -> Mapping[str, str]:
        self._clock.begin()
        self._clock.spend()
        context.log.write_text(LOG)
        self._clock.spend()
        self._clock.end()
        return {}


def test_a_long_action_shows_within_20_seconds_what_runs_and_for_how_long(tmp_path: Path) -> None:
    clock, stream = Clock(), io.StringIO()
    console = Console(stream, clock.pulse)
    runner = ActionRunner(
        {("Build", "CodeBuild"): SlowBuild(clock)},
        folder=tmp_path / "actions",
        logs=tmp_path / "logs",
        console=console,
    )
    shop = pipeline(stage("Build", action("Synth")))
    run = Run(
        pipeline=shop,
        execution=Execution(id="e1", trigger="push"),
        role=NOBODY,
        artifacts=Artifacts(shop, NOBODY),
    )

    status = runner.run(run, shop.stages[0], shop.stages[0].actions[0])

    assert status is Status.SUCCEEDED
    assert stream.getvalue().splitlines()[:-1] == [
        "  Build",
        "    … Build, Synth: 15 s",
        "    … Build, Synth: 30 s, make infra, 43 %",
    ]


def test_what_the_approvers_mail_says_is_told_in_lines_that_fit() -> None:
    stream = io.StringIO()
    shown = {"action": "ask", "revision": "c1", "question": "Ship? " * 60, "evidence": "link"}

    Console(stream).asked(shown)

    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("        | question  Ship? Ship?")
    assert lines[-2:] == ["        | revision  c1", "        | evidence  link"]
    assert "".join(lines).count("Ship?") == 60
    assert max(map(len, lines)) <= 170
