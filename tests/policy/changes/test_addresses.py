"""A change of the address for alarms is told once, at the setting."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.changes.conditions import addresses
from policies.changes.differences import Files
from policies.changes.documents import CDK_JSON
from policies.changes.kinds import findings
from policies.changes.update import update
from tests.policy.changes.updates import SPEC
from tests.policy.templates import Body, resource, stack

OLD, NEW = "old@example.com", "new@example.com"
SETTING = frozenset({CDK_JSON})


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is said of a stack's mails, by the setting and the files that changed."""

    def kinds(before: Body, after: Body, given: str, files: Files = SETTING) -> list[str]:
        file = tmp_path / CDK_JSON
        file.write_text(json.dumps({"context": {"alertEmail": given}}))
        monkeypatch.setattr(addresses, "FILE", file)
        return [each.kind for each in findings(update(stack(before), stack(after), SPEC), files)]

    return kinds


def mail(to: str, topic: str = "Topic", **more: object) -> dict[str, Body]:
    says = {"Endpoint": to, "Protocol": "email", "TopicArn": {"Ref": topic}, **more}
    return {f"{topic}{to[:3]}": resource(addresses.SUBSCRIPTION, **says)}


def test_mails_that_follow_the_setting_are_not_told_again(told: Callable[..., list[str]]) -> None:
    assert told({}, mail(OLD), OLD) == []
    assert told(mail(OLD), mail(NEW), NEW) == []
    assert told(mail(OLD), {}, "") == []


@pytest.mark.parametrize(
    ("before", "after", "given", "files"),
    [
        ({}, mail(NEW), OLD, SETTING),
        ({}, mail(NEW, Protocol="email-json"), NEW, SETTING),
        ({}, mail(NEW, FilterPolicy={"a": ["b"]}), NEW, SETTING),
        (mail(OLD), {}, OLD, SETTING),
        (mail(OLD), {}, "", frozenset[str]()),
        (mail(OLD), mail(NEW, "Other"), NEW, SETTING),
    ],
    ids=["another", "otherwise", "filtered", "gone", "not set", "another topic"],
)
def test_any_other_mail_is_told(
    told: Callable[..., list[str]], before: Body, after: Body, given: str, files: Files
) -> None:
    found = {*told(before, after, given, files)}

    assert found & {"alert-address", "sends-elsewhere"}
