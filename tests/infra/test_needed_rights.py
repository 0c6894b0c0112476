"""Roles that AWS itself acts with allow what the resource that names them makes AWS call.

The emulator looks at none of these roles, so the calls are read from the templates.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.infra.stack import Stack
from tests.infra.test_roles import grants

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}


def test_the_schedule_needs_to_call_its_target(stack: Stack) -> None:
    target = stack.one("AWS::Scheduler::Schedule").properties["Target"]

    assert grants(stack, _name(target["RoleArn"])) == _start(target)


def test_a_rule_with_a_role_needs_to_start_its_target(stack: Stack) -> None:
    targets = [
        target
        for rule in stack.all("AWS::Events::Rule")
        for target in rule.properties["Targets"]
        if "RoleArn" in target
    ]

    assert targets
    for target in targets:
        assert grants(stack, _name(target["RoleArn"])) == _start(target)


def test_the_stream_look_up_needs_the_call_that_it_is_made_for(standby: Stack) -> None:
    call = json.loads(standby.one("Custom::TableStreamArn").properties["Update"])

    action = f"{call['service'].lower()}:{call['action'][0].upper()}{call['action'][1:]}"
    allowed = {action for action, _ in grants(standby, "serverless-stream-lookup-us-west-2-prod")}
    assert allowed == {action, *LOGS}
    assert call["parameters"] == {"TableName": "serverless-processed-data-prod"}


def _start(target: Mapping[str, Any]) -> set[tuple[str, str]]:
    kind = target["Arn"].partition("(")[0]
    action = {"Function": "lambda:InvokeFunction", "StateMachine": "states:StartExecution"}[kind]
    return {(action, target["Arn"])}


def _name(role_arn: str) -> str:
    return role_arn.removeprefix("Role(").removesuffix(").Arn")
