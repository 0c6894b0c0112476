import json
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from ops import cli
from ops.commands.drift import drifted
from ops.errors import UndeterminedError


class FakeCloudFormation:
    """Answers ``statuses`` one after the other; the last one for ever."""

    def __init__(self, *statuses: Mapping[str, str]) -> None:
        self._statuses: Iterator[Mapping[str, str]] = iter(statuses)
        self._last = statuses[-1]

    def detect_stack_drift(self, *, StackName: str) -> Mapping[str, str]:  # noqa: N803
        return {"StackDriftDetectionId": f"detection of {StackName}"}

    def describe_stack_drift_detection_status(self, **_: str) -> Mapping[str, str]:
        return next(self._statuses, self._last)

    def describe_stack_resource_drifts(self, **asked: object) -> Mapping[str, Any]:
        page = asked.get("NextToken", "1")
        drift = {
            "LogicalResourceId": f"R{page}",
            "ResourceType": "AWS::SQS::Queue",
            "StackResourceDriftStatus": "MODIFIED",
            "PropertyDifferences": [{"PropertyPath": "/Policy"}],
        }
        return {"StackResourceDrifts": [drift], **({"NextToken": "2"} if page == "1" else {})}


RUNNING = {"DetectionStatus": "DETECTION_IN_PROGRESS"}
DONE = {"DetectionStatus": "DETECTION_COMPLETE"}


def test_a_stack_in_sync_has_drifted_nowhere() -> None:
    fake = FakeCloudFormation(RUNNING, {**DONE, "StackDriftStatus": "IN_SYNC"})

    assert drifted(fake, "s", timeout_s=5, poll_s=0.001) == []


def test_every_drifted_resource_is_listed_whatever_the_number_of_pages() -> None:
    fake = FakeCloudFormation({**DONE, "StackDriftStatus": "DRIFTED"})

    found = drifted(fake, "s", timeout_s=5, poll_s=0.001)

    assert [each["id"] for each in found] == ["R1", "R2"]
    assert found[0]["properties"] == ["/Policy"]


def test_a_detection_that_fails_could_not_be_determined() -> None:
    failed = {"DetectionStatus": "DETECTION_FAILED", "DetectionStatusReason": "denied"}

    with pytest.raises(UndeterminedError, match="s: denied"):
        drifted(FakeCloudFormation(failed), "s", timeout_s=5, poll_s=0.001)


def test_a_detection_that_does_not_end_could_not_be_determined() -> None:
    with pytest.raises(UndeterminedError, match="waited 0 s for drift detection to end"):
        drifted(FakeCloudFormation(RUNNING), "s", timeout_s=0.01, poll_s=0.001)


def test_only_the_stacks_that_are_named_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake = FakeCloudFormation({**DONE, "StackDriftStatus": "IN_SYNC"})
    session = SimpleNamespace(client=lambda *_, **__: fake)
    monkeypatch.setattr("ops.commands.drift.connect", lambda *_: session)

    assert cli.main(["drift", "serverless-pipeline-prod", "--json"]) == 0

    assert list(json.loads(capsys.readouterr().out)) == ["serverless-pipeline-prod"]


def test_a_stack_that_is_not_ours_is_refused_with_the_names_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["drift", "payroll"]) == 3

    assert "no such stack: payroll; there are serverless-pipeline-prod" in capsys.readouterr().err
