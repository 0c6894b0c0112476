import json
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import cli

OPTIONS = ["--pipeline", "ours", "--primary-stage", "primary", "--approval-stage", "approval"]
WAITING = {"pipelineExecutionId": "old", "status": "InProgress", "type": "STANDARD"}
VERIFIED = {"pipelineExecutionId": "new", "status": "Succeeded", "type": "STANDARD"}


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "CodePipeline")


class FakeCodePipeline:
    """A pipeline in its ``primary`` and ``approval`` stages; ``rollbacks`` have their targets."""

    def __init__(
        self,
        approval: dict[str, str] | None,
        primary: dict[str, str] | None = None,
        *,
        rollbacks: dict[str, str] | None = None,
        refused: ClientError | None = None,
    ) -> None:
        self._latest = {"primary": primary or VERIFIED, "approval": approval, "standby": None}
        self._rollbacks = rollbacks or {}
        self._refused = refused
        self.stopped: list[dict[str, Any]] = []

    def get_pipeline_state(self, *, name: str) -> dict[str, Any]:
        assert name == "ours"
        return {
            "stageStates": [
                {"stageName": stage, **({"latestExecution": latest} if latest else {})}
                for stage, latest in self._latest.items()
            ]
        }

    def get_pipeline_execution(self, **asked: str) -> dict[str, Any]:
        assert asked["pipelineName"] == "ours"
        target = self._rollbacks[asked["pipelineExecutionId"]]
        metadata = {"rollbackTargetPipelineExecutionId": target}
        return {"pipelineExecution": {"executionType": "ROLLBACK", "rollbackMetadata": metadata}}

    def stop_pipeline_execution(self, **asked: Any) -> None:  # noqa: ANN401  # as boto3
        if self._refused:
            raise self._refused
        self.stopped.append(asked)


class NoCodePipeline:
    def get_pipeline_state(self, **_: str) -> None:
        raise refusal("AccessDenied")


def run(monkeypatch: pytest.MonkeyPatch, client: object, *more: str, execution: str = "new") -> int:
    session = SimpleNamespace(client={"codepipeline": client}.__getitem__)
    monkeypatch.setattr("ops.commands.supersede.connect", lambda *_: session)
    return cli.main(["supersede", *OPTIONS, "--execution", execution, *more])


def test_an_older_commit_that_waits_for_approval_is_stopped_and_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client = FakeCodePipeline(WAITING)

    assert run(monkeypatch, client, "--json") == 0

    [asked] = client.stopped
    assert (asked["pipelineName"], asked["pipelineExecutionId"]) == ("ours", "old")
    assert asked["abandon"] is True
    assert "execution new" in asked["reason"]
    assert json.loads(capsys.readouterr().out) == {"stopped": "old"}


@pytest.mark.parametrize(
    "approval",
    [
        None,
        {"pipelineExecutionId": "old", "status": "Succeeded"},
        {"pipelineExecutionId": "old", "status": "Failed"},
        {"pipelineExecutionId": "old", "status": "Stopping"},
        {"pipelineExecutionId": "old", "status": "Stopped"},
        {"pipelineExecutionId": "new", "status": "InProgress"},
    ],
)
def test_what_does_not_wait_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, approval: dict[str, str] | None
) -> None:
    client = FakeCodePipeline(approval)

    assert run(monkeypatch, client) == 0

    assert client.stopped == []


@pytest.mark.parametrize("status", ["InProgress", "Failed", "Succeeded"])
@pytest.mark.parametrize("execution", ["new", "rollback"])
def test_an_approval_is_kept_if_us_east_1_was_rolled_back_to_the_commit_that_waits_for_it(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    status: str,
    execution: str,
) -> None:
    rolled_back = {"pipelineExecutionId": "rollback", "status": status, "type": "ROLLBACK"}
    client = FakeCodePipeline(WAITING, rolled_back, rollbacks={"rollback": "old"})

    assert run(monkeypatch, client, execution=execution) == 1

    assert client.stopped == []
    assert "rolled back to execution old" in capsys.readouterr().err


def test_a_rollback_that_passes_for_the_commit_it_deploys_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rolled_back = {"pipelineExecutionId": "rollback", "status": "InProgress", "type": "ROLLBACK"}
    client = FakeCodePipeline(WAITING, rolled_back, rollbacks={"rollback": "old"})

    assert run(monkeypatch, client, execution="old") == 0

    assert client.stopped == []


def test_a_commit_that_us_east_1_was_rolled_back_to_supersedes_an_older_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rolled_back = {"pipelineExecutionId": "rollback", "status": "Succeeded", "type": "ROLLBACK"}
    client = FakeCodePipeline(WAITING, rolled_back, rollbacks={"rollback": "new"})

    assert run(monkeypatch, client) == 0

    assert [each["pipelineExecutionId"] for each in client.stopped] == ["old"]


def test_a_still_newer_commit_under_way_in_us_east_1_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newest = {"pipelineExecutionId": "newest", "status": "InProgress", "type": "STANDARD"}
    client = FakeCodePipeline(WAITING, newest)

    assert run(monkeypatch, client) == 0

    assert [each["pipelineExecutionId"] for each in client.stopped] == ["old"]


@pytest.mark.parametrize(
    "code", ["PipelineExecutionNotStoppableException", "DuplicatedStopRequestException"]
)
def test_a_commit_that_is_answered_or_stopped_meanwhile_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    assert run(monkeypatch, FakeCodePipeline(WAITING, refused=refusal(code)), "--json") == 0

    assert json.loads(capsys.readouterr().out) == {"stopped": None}


def test_a_commit_that_could_not_be_stopped_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, FakeCodePipeline(WAITING, refused=refusal("AccessDenied"))) == 2

    assert "AccessDenied" in capsys.readouterr().err


def test_not_to_know_what_waits_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, NoCodePipeline()) == 2

    assert "AccessDenied" in capsys.readouterr().err
