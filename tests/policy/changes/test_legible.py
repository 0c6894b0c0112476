"""Nothing is harmless that can't be read: macros, secrets, and grants written in another way."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.changes.kinds import findings
from policies.changes.update import update
from tests.policy.changes.updates import KEPT, SPEC, between, bucket
from tests.policy.templates import Body, allow, policy, resource, stack

ALARM, DASHBOARD = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"
FUNCTION, ROLE, KEY = "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::KMS::Key"
LOGS, QUEUE, ROLE_POLICY = "AWS::Logs::LogGroup", "AWS::SQS::Queue", "AWS::IAM::RolePolicy"
QUEUE_POLICY, TOPIC_POLICY = "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"
PAGE = "docs/runbooks/a.md"
MACRO = {"Fn::Transform": {"Name": "Theirs"}}
SECRET = "{{resolve:secretsmanager:ours}}"
ALL = allow("*", "*")
DENY = {**ALL, "Effect": "Deny"}


def kinds(before: Mapping[str, Body], after: Mapping[str, Body]) -> set[str]:
    return {each.kind for each in findings(between(before, after), {PAGE: ""})}


def attached(type_: str, *statements: Body, **to: object) -> Body:
    return resource(type_, PolicyDocument={"Statement": list(statements)}, **to)


@pytest.mark.parametrize("brought", [MACRO, SECRET, {"Fn::Join": ["", ["{{res", "olve:a}}"]]}])
@pytest.mark.parametrize(
    ("type_", "name", "kind"),
    [
        (ALARM, "AlarmDescription", "instruction-changed"),
        (DASHBOARD, "DashboardBody", "unclassified"),
        (FUNCTION, "Description", "described-otherwise"),
    ],
)
def test_a_text_that_is_brought_from_elsewhere_is_red(
    type_: str, name: str, kind: str, brought: object
) -> None:
    before, after = ({"Thing": resource(type_, **{name: each})} for each in ("a", brought))

    assert kinds(before, after) == {kind}


@pytest.mark.parametrize("brought", [MACRO, SECRET, {"Fn::ImportValue": "theirs"}])
def test_an_output_that_is_brought_from_elsewhere_is_red(brought: object) -> None:
    after = stack({}, outputs={"Name": {"Value": brought}})

    assert [each.kind for each in findings(update(stack({}), after, SPEC))] == ["unclassified"]


@pytest.mark.parametrize("aside", [MACRO, {"cfn-lint": {"config": {"ignore_checks": ["E"]}}}])
def test_what_metadata_tells_a_tool_is_seen_and_where_a_resource_is_from_is_not(
    aside: Body,
) -> None:
    note = {"aws:cdk:path": "a/b"}
    before = {"Thing": bucket({**KEPT, "Metadata": {"aws:cdk:path": "a/c"}})}

    assert kinds(before, {"Thing": bucket({**KEPT, "Metadata": note})}) == set()
    assert kinds(before, {"Thing": bucket({**KEPT, "Metadata": {**note, **aside}})}) == {
        "unclassified"
    }


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A value under one more function."""
    either = st.tuples(inner, st.just({"Ref": "AWS::NoValue"})).flatmap(st.permutations)
    return either.map(lambda sides: {"Fn::If": ["Sometimes", *sides]})


@given(statement=st.recursive(st.just(ALL), nested, max_leaves=4))
def test_a_right_under_any_conditions_is_seen(statement: Body) -> None:
    assert "access-widened" in kinds({"P": policy()}, {"P": policy(statement)})


@given(
    effect=st.recursive(
        st.sampled_from(
            [{"Fn::Sub": "Allow"}, {"Fn::Join": ["", ["Al", "low"]]}, {"Ref": "P"}, MACRO]
        ),
        nested,
        max_leaves=3,
    )
)
def test_an_effect_that_a_function_makes_is_seen(effect: object) -> None:
    statement = {**ALL, "Effect": effect}

    assert kinds({"P": policy()}, {"P": policy(statement)})
    assert kinds({}, {"P": policy(statement)})


@pytest.mark.parametrize(
    "document",
    [
        {"Fn::GetAtt": ["Custom", "Document"]},
        {"Ref": "Parameter"},
        {"Statement": {"Fn::GetAtt": ["Custom", "Statements"]}},
        {"Statement": [{"Ref": "Parameter"}]},
        {"statement": [{"effect": "Allow", "action": "*", "resource": "*"}]},
        r' {"\u0053tatement": []}',
        {"Fn::Join": ["", ['{"Statement": "', {"Fn::GetAtt": ["Custom", "All"]}, '"}']]},
    ],
)
def test_a_document_that_is_not_read_is_red(document: object) -> None:
    before = {"P": policy()}
    after = resource("AWS::IAM::Policy", PolicyDocument=document, Roles=[{"Ref": "Role"}])

    assert kinds(before, {"P": after}) == {"unclassified"}
    assert kinds({}, {"P": after}) == {"unclassified"}


def test_a_denial_that_a_condition_may_switch_off_is_red() -> None:
    hidden = {"Fn::If": ["Never", DENY, {"Ref": "AWS::NoValue"}]}

    assert kinds({"P": policy(DENY)}, {"P": policy(hidden)}) == {"unclassified"}


@pytest.mark.parametrize(
    "new",
    [
        policy(DENY, role="Role"),
        attached("AWS::IAM::Policy", DENY, Roles=["serverless-processor-prod"]),
        attached("AWS::IAM::Policy", DENY, Roles=[{"Fn::Sub": "${Role}"}]),
        attached(ROLE_POLICY, DENY, RoleName="serverless-processor-prod"),
    ],
)
def test_a_new_denial_is_told_however_the_role_is_named(new: Body) -> None:
    assert kinds({"Role": resource(ROLE)}, {"Role": resource(ROLE), "P": new}) == {"denial-added"}


@pytest.mark.parametrize(("type_", "to"), [(QUEUE_POLICY, "Queues"), (TOPIC_POLICY, "Topics")])
def test_a_policy_that_may_take_the_place_of_another_is_red(type_: str, to: str) -> None:
    send = {**allow("sqs:SendMessage", "*"), "Principal": {"Service": "s3.amazonaws.com"}}
    before = {
        "Store": resource("AWS::Any::Store"),
        "P": attached(type_, send, DENY, **{to: [{"Ref": "Store"}]}),
    }

    for store in ({"Ref": "Store"}, "https://sqs.us-east-1.amazonaws.com/111111111111/store"):
        assert kinds(before, {**before, "Q": attached(type_, **{to: [store]})}) == {
            "policy-overwritten"
        }


def test_a_key_that_its_administrators_lose_is_red() -> None:
    administer = {**allow("kms:*", "*"), "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}
    before, after = (
        {"K": resource(KEY, KeyPolicy={"Statement": each})} for each in ([administer], [])
    )

    assert kinds(before, after) == {"statement-removed"}


@pytest.mark.parametrize("kept", ["Snapshot", "RetainExceptOnCreate"])
def test_keeping_less_than_before_is_red(kept: str) -> None:
    assert kinds({"B": bucket()}, {"B": bucket({**KEPT, "DeletionPolicy": kept})}) == {
        "protection-lifted"
    }


@pytest.mark.parametrize(
    "new",
    [
        resource(QUEUE, DelaySeconds=900),
        resource(QUEUE, MaximumMessageSize=1024),
        resource(LOGS, LogGroupClass="INFREQUENT_ACCESS"),
        resource(LOGS, DataProtectionPolicy={"Statement": []}),
        resource(ALARM, AlarmDescription=PAGE, ActionsEnabled=False),
        resource(ALARM, AlarmDescription=PAGE, **MACRO),
        resource(DASHBOARD, DashboardBody='{"widgets": [{"type": "custom"}]}'),
        resource(DASHBOARD, DashboardBody="{unreadable"),
    ],
)
def test_a_new_resource_that_says_more_than_the_usual_is_red(new: Body) -> None:
    assert kinds({}, {"New": new}) == {"unclassified"}


def test_a_widget_that_invokes_a_function_is_red() -> None:
    figure, custom = (
        {"D": resource(DASHBOARD, DashboardBody=json.dumps({"widgets": [{"type": type_}]}))}
        for type_ in ("metric", "custom")
    )

    assert kinds(figure, custom) == {"unclassified"}
    assert kinds(custom, figure) == {"dashboard-changed"}
