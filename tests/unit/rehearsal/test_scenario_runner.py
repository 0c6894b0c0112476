import io
from types import SimpleNamespace
from typing import cast

import pytest

from local.rehearsal import scenario_runner
from local.rehearsal.__main__ import main
from local.rehearsal.pipeline_execution import ActionRecord, Execution, Status
from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenario_promises import BrokenPromiseError
from local.rehearsal.scenario_runner import Result, select
from local.rehearsal.terminal_output import Console


def test_every_scenario_comes_after_the_first_deployment() -> None:
    assert select("first-deployment") == ["first-deployment"]
    assert select("git-revert") == ["first-deployment", "git-revert"]
    assert select("all")[0] == "first-deployment"
    assert len(select("all")) == 9


@pytest.mark.parametrize("arguments", [["--scenario", "holiday"], ["--approve", "--reject"]])
def test_arguments_that_make_no_sense_are_refused_before_anything_starts(
    arguments: list[str],
) -> None:
    assert main(arguments) == 2


def test_each_scenario_says_how_far_all_are_and_a_broken_promise_ends_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def kept(_: Rehearsal) -> None:
        """Keep it."""

    def broken(_: Rehearsal) -> None:
        """Break it."""
        raise BrokenPromiseError("nothing is lost")

    scenarios = {"one": kept, "two": broken, "three": kept}
    monkeypatch.setattr(scenario_runner, "SCENARIOS", scenarios)
    stream = io.StringIO()
    rehearsal = cast("Rehearsal", SimpleNamespace(executions=[]))

    results = scenario_runner.run(rehearsal, [*scenarios], Console(stream))

    assert [each.broken for each in results] == ["", "nothing is lost"]
    assert "=== one, the first of 3: Keep it.\n" in stream.getvalue()
    assert "=== two, after 33 %, 1 of 3 scenarios" in stream.getvalue()
    assert "=== two BROKEN PROMISE: nothing is lost" in stream.getvalue()


def test_a_broken_promise_names_the_action_that_failed_last_and_why() -> None:
    failed = ActionRecord(stage="Build", name="Synth", status=Status.FAILED, message="too hot")
    execution = Execution(id="e1", trigger="push", actions=[failed])

    result = Result(
        scenario="one",
        promise="Keep it.",
        broken="nothing is lost",
        seconds=1.0,
        executions=[execution],
    )

    assert result.cause == "one broke its promise that nothing is lost; Synth: too hot"
