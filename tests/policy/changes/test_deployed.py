from collections.abc import Mapping
from typing import Any

import pytest

from policies.changes import deployed
from policies.command_line import Undetermined
from policies.templates.template import StackTemplate

STACK = StackTemplate(
    path="tap",
    stage_path="primary",
    region="us-east-1",
    account="111122223333",
    name="tap",
    template={"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}},
    termination_protected=True,
)


class Session:
    """CloudFormation that answers every GetTemplate with ``answer``."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._answer = answer

    def client(self, *_: str, **__: str) -> "Session":
        return self

    def get_template(self, **_: str) -> Mapping[str, Any]:
        return self._answer


def read(monkeypatch: pytest.MonkeyPatch, answer: Mapping[str, Any]) -> StackTemplate:
    monkeypatch.setattr(deployed, "_session", lambda _: Session(answer))
    [found] = deployed.stacks([STACK])
    return found


@pytest.mark.parametrize("answer", [{}, {"TemplateBody": ""}, {"TemplateBody": {}}], ids=str)
def test_of_a_stack_whose_first_change_set_was_never_executed_nothing_is_deployed(
    monkeypatch: pytest.MonkeyPatch, answer: Mapping[str, Any]
) -> None:
    found = read(monkeypatch, answer)

    assert list(found.resources()) == []


def test_what_is_deployed_is_the_template_that_cloudformation_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}

    found = read(monkeypatch, {"TemplateBody": template})

    assert [each.type for each in found.resources()] == ["AWS::SNS::Topic"]


def test_a_template_that_cannot_be_compared_is_no_absent_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(Undetermined, match="was not deployed from JSON"):
        read(monkeypatch, {"TemplateBody": "Resources: {}"})
