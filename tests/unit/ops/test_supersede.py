import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import cli

OPTIONS = ["--pipeline", "ours", "--stage", "approval", "--execution", "new"]


class FakeCodePipeline:
    """A pipeline with ``latest`` in its approval stage."""

    def __init__(self, latest: dict[str, str] | None) -> None:
        self._latest = latest
        self.stopped: list[dict[str, Any]] = []

    def get_pipeline_state(self, *, name: str) -> dict[str, Any]:
        assert name == "ours"
        there = {"latestExecution": self._latest} if self._latest else {}
        busy = {"pipelineExecutionId": "new", "status": "InProgress"}
        return {
            "stageStates": [
                {"stageName": "primary", "latestExecution": busy},
                {"stageName": "approval", **there},
            ]
        }

    def stop_pipeline_execution(self, **asked: Any) -> None:  # noqa: ANN401  # as boto3
        self.stopped.append(asked)


class NoCodePipeline:
    def get_pipeline_state(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetPipelineState")


def run(monkeypatch: pytest.MonkeyPatch, client: object, *more: str) -> int:
    session = SimpleNamespace(client={"codepipeline": client}.__getitem__)
    monkeypatch.setattr("ops.commands.supersede.connect", lambda *_: session)
    return cli.main(["supersede", *OPTIONS, *more])


def test_an_older_commit_that_waits_for_approval_is_stopped_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = FakeCodePipeline({"pipelineExecutionId": "old", "status": "InProgress"})

    assert run(monkeypatch, client, "--json") == 0

    [asked] = client.stopped
    assert (asked["pipelineName"], asked["pipelineExecutionId"]) == ("ours", "old")
    assert asked["abandon"] is True
    assert "execution new" in asked["reason"]
    assert json.loads(capsys.readouterr().out) == {"stopped": "old"}


@pytest.mark.parametrize(
    "latest",
    [
        None,
        {"pipelineExecutionId": "old", "status": "Succeeded"},
        {"pipelineExecutionId": "old", "status": "Stopped"},
        {"pipelineExecutionId": "new", "status": "InProgress"},
    ],
)
def test_what_does_not_wait_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, latest: dict[str, str] | None
) -> None:
    client = FakeCodePipeline(latest)

    assert run(monkeypatch, client) == 0

    assert client.stopped == []


def test_not_to_know_what_waits_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, NoCodePipeline()) == 2

    assert "AccessDenied" in capsys.readouterr().err
