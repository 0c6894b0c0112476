"""What follows a setting is told once, where a deployer writes it."""

import copy as copies
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from policies.app import CDK_JSON
from policies.changes import documents
from policies.changes.conditions import settings
from policies.changes.differences import Files, differences
from policies.changes.kinds import findings
from policies.changes.update import update
from policies.templates import assembly
from policies.templates.template import StackTemplate
from tests.policy.changes.updates import SPEC
from tests.policy.templates import Body, resource, stack

OLD, NEW = "old@example.com", "new@example.com"
SETTING = {CDK_JSON}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What is said of a stack's mails, by the setting and the files that changed."""

    def kinds(before: Body, after: Body, given: str, files: Files = SETTING) -> list[str]:
        file = tmp_path / CDK_JSON
        file.write_text(json.dumps({"context": {"alertEmail": given}}))
        monkeypatch.setattr(settings, "FILE", file)
        return [each.kind for each in findings(update(stack(before), stack(after), SPEC), files)]

    return kinds


def mail(to: str, topic: str = "Topic", **more: object) -> dict[str, Body]:
    says = {"Endpoint": to, "Protocol": "email", "TopicArn": {"Ref": topic}, **more}
    return {f"{topic}{to[:3]}": resource(settings.SUBSCRIPTION, **says)}


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
        (mail(OLD), {}, "", dict[str, str]()),
        (mail(OLD), mail(NEW, "Other"), NEW, SETTING),
    ],
    ids=["another", "otherwise", "filtered", "gone", "not set", "another topic"],
)
def test_any_other_mail_is_told(
    told: Callable[..., list[str]], before: Body, after: Body, given: str, files: Files
) -> None:
    found = {*told(before, after, given, files)}

    assert found & {"alert-address", "sends-elsewhere"}


def regional(folder: Path) -> StackTemplate:
    return next(each for each in assembly.read(folder).stacks if each.stage)


def test_all_that_follows_how_often_the_canary_runs_is_told_at_the_setting(
    synthesize: Callable[..., Path], green: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / CDK_JSON
    file.write_text(json.dumps({"context": {"canaryEveryMinutes": "47"}}))
    monkeypatch.setattr(settings, "FILE", file)
    slower = update(regional(green), regional(synthesize(canaryEveryMinutes="47")), SPEC)

    assert len(differences(slower)) >= 4
    assert findings(slower) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("rejectedShareAnnounced", "1"), ("statusIndex", "exceptions"), ("rangesAtOnce", "20")],
)
def test_a_value_that_follows_a_setting_is_told_there_alone(
    synthesize: Callable[..., Path],
    green: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    value: str,
) -> None:
    change = update(regional(green), regional(synthesize(**{name: value})), SPEC)
    by_hand = findings(change)
    file = tmp_path / CDK_JSON
    file.write_text(json.dumps({"context": {name: value}}))
    monkeypatch.setattr(settings, "FILE", file)

    assert by_hand
    assert findings(change) == []
    before, after = (
        documents.app_settings(f'{{"context": {{"{name}": {each}}}}}') for each in "01"
    )
    told = findings(update(before, after, SPEC))
    assert [each.kind for each in told] == ([] if name == "rangesAtOnce" else ["limit-changed"])
    assert {each.source for each in told} <= {f"{CDK_JSON}:1"}


def test_a_limit_that_is_written_into_the_code_is_told_as_a_limit(green: Path) -> None:
    before = regional(green)
    after = copies.deepcopy(before)
    variables = "Environment", "Variables"
    for each in after.resources("AWS::Lambda::Function"):
        of = each.properties.get(variables[0], {}).get(variables[1], {})
        of |= dict.fromkeys(of.keys() & {"REJECTED_SHARE_ANNOUNCED"}, "0.9")

    (found,) = findings(update(before, after, SPEC))

    assert found.message.startswith("a function goes by this limit")


@pytest.mark.parametrize(
    ("at", "where", "value", "kind"),
    [
        ("Canary/Schedule", "ScheduleExpression", "rate(10 days)", "trigger-changed"),
        ("Canary/Schedule", "ScheduleExpression", "rate(10 minutes)", "trigger-changed"),
        ("Watch/peer-silent/Resource", "EvaluationPeriods", 288, "alarm-changed"),
        ("Watch/peer-silent/Resource", "Period", 86400, "alarm-changed"),
        ("Watch/processor-errors/Resource", "EvaluationPeriods", 2, "alarm-changed"),
    ],
)
def test_what_is_slower_than_the_setting_says_is_told(
    green: Path, at: str, where: str, value: object, kind: str
) -> None:
    before = regional(green)
    after = copies.deepcopy(before)
    [one] = (each for each in after.resources() if each.path == f"{before.path}/{at}")
    one.body["Properties"][where] = value

    assert [each.kind for each in findings(update(before, after, SPEC))] == [kind]
