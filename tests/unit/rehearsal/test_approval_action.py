from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from botocore.exceptions import ClientError

from local.clients import Clients
from local.rehearsal.action import Context
from local.rehearsal.approval_action import Approval, ask_on_terminal
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.errors import ActionError, RehearsalError, WaitingError
from local.rehearsal.principal import Principal
from tests.unit.rehearsal.fakes import NOBODY, SOURCE, action, pipeline, stage

CONFIGURATION = {"CustomData": "Ship it?", "ExternalEntityLink": "https://example.com/run"}
SHOWN = {
    "action": "ask",
    "revision": "c1",
    "question": "Ship it?",
    "evidence": "https://example.com/run",
}


class Announcer(Principal):
    """A principal whose topic refuses everything."""

    def client(self, service: str, region: str) -> "Announcer":
        del service, region
        return self

    def publish(self, **_: str) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "Publish")


def untold(_: Mapping[str, str]) -> None:
    """Nobody reads what the mail says."""


def context(configuration: Mapping[str, str], role: Principal = NOBODY) -> Context:
    asking = pipeline(SOURCE, stage("Ask", action("ask", "Approval", "Manual")))
    return Context(
        action=asking.stages[1].actions[0],
        configuration=configuration,
        artifacts=Artifacts(asking, role),
        pipeline_role=role,
        execution_id="e1",
        revision="c1",
        folder=Path("unused"),
        log=Path("unused"),
    )


def test_the_approver_is_shown_the_question_the_commit_and_the_evidence() -> None:
    decide = {tuple(SHOWN.items()): True}
    told: list[Mapping[str, str]] = []

    outputs = Approval(lambda shown: decide[tuple(shown.items())], told.append).run(
        context(CONFIGURATION)
    )

    assert outputs == {}
    assert told == [SHOWN]


def test_a_rejection_fails_the_action() -> None:
    with pytest.raises(ActionError, match="rejected"):
        Approval(lambda _: False, untold).run(context(CONFIGURATION))


def test_no_answer_is_no_decision() -> None:
    with pytest.raises(WaitingError):
        Approval(lambda _: None, untold).run(context(CONFIGURATION))


def test_an_approval_that_reaches_nobody_fails() -> None:
    announcer = Announcer(clients=cast("Clients", None), credentials={})
    configuration = CONFIGURATION | {"NotificationArn": "arn:aws:sns:eu-west-1:0:ask"}

    with pytest.raises(ActionError, match="approvers can't be notified"):
        Approval(lambda _: True, untold).run(context(configuration, announcer))


def test_without_a_terminal_an_approval_says_how_to_decide() -> None:
    with pytest.raises(RehearsalError, match="--approve or --reject"):
        ask_on_terminal(SHOWN)
