from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from local.clients import Clients
from local.rehearsal.action import Context
from local.rehearsal.artifacts import Artifacts
from local.rehearsal.cloudformation_action import CloudFormation
from local.rehearsal.errors import ActionError, RehearsalError
from local.rehearsal.principal import Principal
from tests.unit.rehearsal.fakes import SOURCE, action, pipeline, stage

NO_CHANGES = "The submitted information didn't contain changes."
EXECUTE = {"ActionMode": "CHANGE_SET_EXECUTE", "StackName": "cakes", "ChangeSetName": "next"}


@dataclass
class Stack:
    """CloudFormation with one stack and one change set; ``ends_as`` is what executing leads to."""

    change_set: Mapping[str, str]
    status: str = "UPDATE_COMPLETE"
    ends_as: str = "UPDATE_COMPLETE"
    executed: list[str] = field(default_factory=list)

    def describe_change_set(self, **_: str) -> Mapping[str, str]:
        return self.change_set

    def execute_change_set(self, *, StackName: str, ChangeSetName: str) -> None:  # noqa: N803
        self.executed.append(f"{ChangeSetName} of {StackName}")
        self.status = self.ends_as

    def describe_stacks(self, **_: str) -> Mapping[str, object]:
        output = {"OutputKey": "Layers", "OutputValue": "2"}
        return {"Stacks": [{"StackStatus": self.status, "Outputs": [output]}]}

    def describe_stack_events(self, **_: str) -> Mapping[str, object]:
        event = {"LogicalResourceId": "Oven", "ResourceStatus": "UPDATE_FAILED"}
        return {"StackEvents": [event | {"ResourceStatusReason": "too hot"}]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployer(Principal):
    stack: Stack

    def assume(self, role_arn: str) -> Principal:
        assert role_arn == "arn:aws:iam::000000000000:role/deployer"
        return self

    def client(self, service: str, region: str) -> Stack:
        assert (service, region) == ("cloudformation", "eu-north-1")
        return self.stack


def run(stack: Stack, configuration: Mapping[str, str]) -> tuple[Mapping[str, str], list[str]]:
    """Outputs of the action, and the regions that were reported as deployed."""
    role = "arn:aws:iam::000000000000:role/deployer"
    deploying = action("deploy", "Deploy", "CloudFormation", Region="eu-north-1", RoleArn=role)
    given = pipeline(SOURCE, stage("Deploy", deploying))
    principal = Deployer(clients=cast("Clients", None), credentials={}, stack=stack)
    context = Context(
        action=given.stages[1].actions[0],
        configuration=configuration,
        artifacts=Artifacts(given, principal),
        pipeline_role=principal,
        execution_id="e1",
        revision="c1",
        folder=Path("unused"),
        log=Path("unused"),
    )
    regions: list[str] = []
    outputs = CloudFormation(deployed=regions.append).run(context)
    return outputs, regions


def test_a_change_set_is_executed_and_the_outputs_are_the_stacks() -> None:
    stack = Stack({"Status": "CREATE_COMPLETE"})

    outputs, regions = run(stack, EXECUTE)

    assert stack.executed == ["next of cakes"]
    assert outputs == {"Layers": "2"}
    assert regions == ["eu-north-1"]


def test_a_change_set_without_changes_is_not_executed_and_counts_as_deployed() -> None:
    stack = Stack({"Status": "FAILED", "StatusReason": NO_CHANGES})

    outputs, _ = run(stack, EXECUTE)

    assert stack.executed == []
    assert outputs == {"Layers": "2"}


def test_a_stack_that_rolled_back_fails_the_action_with_the_reason() -> None:
    stack = Stack({"Status": "CREATE_COMPLETE"}, ends_as="UPDATE_ROLLBACK_COMPLETE")

    with pytest.raises(ActionError, match="cakes is UPDATE_ROLLBACK_COMPLETE") as caught:
        run(stack, EXECUTE)

    assert caught.value.tail == "Oven: too hot"


def test_another_mode_is_refused() -> None:
    stack = Stack({"Status": "CREATE_COMPLETE"})

    with pytest.raises(RehearsalError, match="can't rehearse DELETE_ONLY"):
        run(stack, EXECUTE | {"ActionMode": "DELETE_ONLY"})
