"""What is neither harmless nor a hazard with a name is red until a row accepts it."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policies.app import CDK_JSON
from policies.changes import documents, guards
from policies.changes.differences import Files
from policies.changes.kinds import findings
from policies.changes.sources import CODE
from policies.changes.tables import HARMLESS
from policies.changes.update import update, updates
from policies.templates.template import StackTemplate
from tests.policy.changes.updates import SPEC, TABLE, between, bucket
from tests.policy.templates import Body, allow, policy, resource, stack

FUNCTION, ALARM, QUEUE = "AWS::Lambda::Function", "AWS::CloudWatch::Alarm", "AWS::SQS::Queue"
LOGS, DASHBOARD, ROLE = "AWS::Logs::LogGroup", "AWS::CloudWatch::Dashboard", "AWS::IAM::Role"
MAPPING, PROJECT = "AWS::Lambda::EventSourceMapping", "AWS::CodeBuild::Project"
PIPELINE, SUBSCRIPTION = "AWS::CodePipeline::Pipeline", "AWS::SNS::Subscription"
A, B = (f"{letter * 64}.zip" for letter in "ab")
SOURCE = dict.fromkeys(("services/thing/runtime/item.py", "services/f/runtime/main.py"), "")


def kinds(before: Mapping[str, Body], after: Mapping[str, Body], files: Files = None) -> list[str]:
    return sorted({each.kind for each in findings(between(before, after), files)})


def changed(type_: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return kinds({"Thing": resource(type_, **before)}, {"Thing": resource(type_, **after)}, SOURCE)


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        (FUNCTION, {"Code": {"S3Key": A}}, {"Code": {"S3Key": B}}),
        (FUNCTION, {"MemorySize": 128}, {"MemorySize": 256}),
        (ROLE, {"Policies": [allow("s3:Get*", "*")]}, {"Policies": []}),
    ],
)
def test_an_everyday_change_needs_no_row(
    type_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    assert changed(type_, before, after) == []


@pytest.mark.parametrize("type_", [QUEUE, ROLE, "AWS::KMS::Key", MAPPING])
def test_a_tag_needs_a_row_which_says_so_if_a_policy_of_any_stack_goes_by_it(type_: str) -> None:
    tagged = {"Tags": [{"Key": {"Fn::Join": ["", ["bi", "ll"]]}, "Value": "b"}]}
    sides = ({"Enabled": False, **tags} for tags in ({}, tagged))
    before, after = (stack({"Q": resource(type_, **each)}) for each in sides)

    for key, told in {
        "aws:ResourceTag/Bill": ["right-by-tag"],
        "iam:ResourceTag/bill": ["right-by-tag"],
        "aws:PrincipalTag/other": ["tag-acts"],
        "aws:TagKeys": ["right-by-tag"],
        "aws:SourceArn": ["tag-acts"],
    }.items():
        right = {**allow("s3:Get*", "*"), "Condition": {"StringEquals": {key: "b"}}}
        other = stack({"P": policy(right)}, name="other")
        (_, update_) = updates([other, before], [other, after], SPEC)
        assert [each.kind for each in findings(update_)] == told, key


@pytest.mark.parametrize(
    ("type_", "before", "after"),
    [
        (FUNCTION, {"MemorySize": 256}, {"MemorySize": 128}),
        (FUNCTION, {"Code": {"S3Key": A}}, {"Code": {"S3Key": "of/somebody/else.zip"}}),
        (FUNCTION, {"Code": {"S3Bucket": "ours"}}, {"Code": {"S3Bucket": "theirs"}}),
        (FUNCTION, {}, {"Layers": ["arn:aws:lambda:us-east-1:999999999999:layer:a:1"]}),
        (FUNCTION, {}, {"Environment": {"Variables": {"PYTHONPATH": "/tmp"}}}),
        (FUNCTION, {}, {"VpcConfig": {"SubnetIds": ["subnet-1"]}}),
        (LOGS, {"RetentionInDays": 365}, {"RetentionInDays": 1}),
        (LOGS, {}, {"LogGroupClass": "INFREQUENT_ACCESS"}),
        (ALARM, {"Unit": "Seconds"}, {"Unit": "Bytes"}),
        (ALARM, {"ActionsEnabled": True}, {"ActionsEnabled": False}),
        (QUEUE, {}, {"DelaySeconds": 900}),
        (QUEUE, {"MaximumMessageSize": 262144}, {"MaximumMessageSize": 1024}),
        (MAPPING, {"Enabled": True}, {"Enabled": False}),
        (MAPPING, {"FunctionName": "a"}, {"FunctionName": "b"}),
        (MAPPING, {"MaximumBatchingWindowInSeconds": 0}, {"MaximumBatchingWindowInSeconds": 300}),
        ("AWS::KMS::Key", {"Enabled": True}, {"Enabled": False}),
        ("AWS::S3::Bucket", {}, {"InventoryConfigurations": [{"Id": "all"}]}),
        ("AWS::S3::Bucket", {}, {"ObjectLockEnabled": True}),
        (PROJECT, {"TimeoutInMinutes": 30}, {"TimeoutInMinutes": 5}),
        (PROJECT, {"Environment": {"Image": "a"}}, {"Environment": {"Image": "b"}}),
        (PROJECT, {"Visibility": "PRIVATE"}, {"Visibility": "PUBLIC_READ"}),
        (
            PROJECT,
            {"Source": {"BuildSpec": '{"phases": {"build": {"commands": ["make check"]}}}'}},
            {"Source": {"BuildSpec": '{"phases": {"build": {"commands": ["true"]}}}'}},
        ),
        (PIPELINE, {}, {"DisableInboundStageTransitions": [{"StageName": "approval"}]}),
        (PIPELINE, {}, {"Triggers": [{"ProviderType": "CodeStarSourceConnection"}]}),
        (PIPELINE, {"Stages": [{"Name": "a"}, {"Name": "approval"}]}, {"Stages": [{"Name": "a"}]}),
        (
            PIPELINE,
            {"Stages": [{"Name": "a"}]},
            {"Stages": [{"Name": "a", "BeforeEntry": {"Conditions": [{"Result": "SKIP"}]}}]},
        ),
        (ROLE, {}, {"MaxSessionDuration": 43200}),
        (
            ROLE,
            {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
            {"AssumeRolePolicyDocument": {"Version": "2008-10-17", "Statement": []}},
        ),
        (
            "AWS::IAM::Policy",
            {"PolicyDocument": {"Statement": []}},
            {"PolicyDocument": {"Fn::Transform": {"Name": "AWS::Include"}}},
        ),
    ],
)
def test_what_nobody_has_called_harmless_is_red_without_any_hazard_for_it(
    monkeypatch: pytest.MonkeyPatch, type_: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    monkeypatch.setattr("policies.changes.tables.HAZARDS", ())

    assert "unclassified" in changed(type_, before, after)


def test_other_code_is_red_where_no_source_of_this_function_has_changed() -> None:
    before, after = ({"F": resource(FUNCTION, Code={"S3Key": key})} for key in (A, B))

    assert kinds(before, after, SOURCE) == []
    for elsewhere in ("docs/events.md", "services/canary/runtime/main.py"):
        assert kinds(before, after, {elsewhere: ""}) == ["other-code"]


def test_a_new_alarm_is_told_with_all_its_words() -> None:
    known, new = (resource(ALARM, AlarmDescription=f"{n}. docs/runbooks/a.md") for n in (1, 2))

    [found] = findings(between({"A": known}, {"A": known, "B": new}))

    assert found.kind == "instruction-added"
    assert "2. docs/runbooks/a.md" in found.message


def test_a_new_alarm_without_words_is_told_as_well() -> None:
    assert kinds({}, {"A": resource(ALARM), "B": {"Type": ALARM}}) == ["instruction-added"]


def test_a_new_log_group_and_a_queue_need_no_row() -> None:
    after = {
        "Logs": resource(LOGS, RetentionInDays=365),
        "Queue": resource(QUEUE, SqsManagedSseEnabled=True),
    }

    assert kinds({}, after) == []


@pytest.mark.parametrize(
    "new",
    [
        resource(SUBSCRIPTION, Endpoint="https://example.com", Protocol="https"),
        resource("AWS::Events::Rule", Targets=[{"Arn": "arn:aws:lambda:us-east-1:9:function:a"}]),
        resource("AWS::Logs::SubscriptionFilter", DestinationArn="arn:aws:kinesis:a"),
        resource("AWS::CloudFormation::Stack", TemplateURL="https://example.com/a.json"),
        resource("AWS::CloudFormation::CustomResource", ServiceToken="arn:a"),
        resource(FUNCTION),
        resource(MAPPING, Enabled=True),
        bucket(),
        resource(ALARM, AlarmActions=["arn:aws:lambda:us-east-1:999999999999:function:a"]),
        resource(QUEUE, {"Condition": "Off"}),
    ],
)
def test_what_brings_data_or_control_to_somebody_new_is_red(new: Body) -> None:
    assert {*kinds({}, {"New": new})} & {"sends-elsewhere", "unclassified"}


def test_what_goes_is_red_unless_a_hazard_tells_it() -> None:
    assert kinds({"Alarm": resource(ALARM)}, {}) == ["alarm-changed"]
    assert kinds({"Data": bucket()}, {}) == ["stateful-removed"]
    assert kinds({"Data": bucket(BucketName="a")}, {"Data": bucket(BucketName="b")}) == [
        "stateful-replaced"
    ]


def test_of_a_table_with_another_name_only_the_table_is_told_and_not_what_follows() -> None:
    def of(name: str, *more: str) -> StackTemplate:
        arn = f"arn:aws:dynamodb:us-east-1:111122223333:table/{name}"
        alarm = {"Namespace": "AWS/DynamoDB", "Dimensions": [{"Name": "TableName", "Value": name}]}
        rights = policy(allow("dynamodb:GetItem", [f"{arn}{e}" for e in ("/index/*", *more)]))
        variables = {"Variables": {"TABLE_NAME": name}}
        return stack(
            {
                "Table": resource(TABLE, TableName=name),
                "Key": resource("AWS::KMS::Alias", AliasName="alias/records"),
                "Rights": rights,
                "Alarm": resource(ALARM, **alarm),
                "Reader": resource(FUNCTION, Environment=variables),
            }
        )

    def told(*sides: StackTemplate) -> list[tuple[str, str]]:
        one, other = ([each] for each in sides)
        found = (each for pair in updates(one, other, SPEC) for each in findings(pair))
        return [(each.kind, each.message) for each in found]

    [(kind, said)] = told(of("records"), of("rows"))
    assert kind == "stateful-replaced"
    assert said.endswith("-TableName: records\n      +TableName: rows")
    wider = told(of("records"), of("rows", "-archive"))
    assert {each for each, _ in wider} == {"stateful-replaced", "access-widened"}


def test_no_row_can_call_an_edit_of_code_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    anything = replace(HARMLESS[0], where=re.compile(".*"), types=re.compile(".*"), only=())
    monkeypatch.setattr("policies.changes.tables.HARMLESS", (replace(anything, document=""),))
    one, other = (
        documents.document(guards.NAME, {CODE: {"policies/a.py": text}, "files": {text: "a"}})
        for text in "ab"
    )

    found = findings(update(one, other, SPEC))

    assert [each.kind for each in found] == ["check-rewritten"]


def test_what_comes_in_the_place_of_what_goes_is_red_if_it_is_something_else() -> None:
    here = {"Metadata": {"aws:cdk:path": "pipeline/primary/tap/Data"}}
    ours = resource("AWS::SNS::Topic", here)
    theirs = resource("Custom::Thing", here, ServiceToken="arn:a")

    assert kinds({"Data": ours}, {"New": ours}) == ["stateful-removed"]
    assert kinds({"Data": ours}, {"New": theirs}) == ["custom-call", "stateful-removed"]


def test_what_is_the_same_at_several_places_of_a_construct_is_told_once_with_all_of_them() -> None:
    def rules(event: str, *more: str) -> dict[str, Body]:
        events = [event] * 11 + [*more]
        said = [{"Event": each, "Filter": number} for number, each in enumerate(events)]
        return {"B": bucket(NotificationConfiguration={"LambdaConfigurations": said})}

    def places(*more: str) -> list[str]:
        found = findings(between(rules("a", "a", "b"), rules("b", *more)))
        return [each.rule.partition(".LambdaConfigurations.")[2] for each in found]

    assert places("b", "c") == ["{0,1,2,3,4,5,6,7,8,9,10,11}.Event a -> b]", "12.Event b -> c]"]
    assert places("a", "b") == ["{0,1,2,3,4,5,6,7,8,9,10}.Event a -> b]"]


def test_the_policy_of_one_replica_is_told_grant_by_grant_and_once() -> None:
    denial = {**allow("dynamodb:PutItem", "*"), "Effect": "Deny", "Principal": "*"}
    policies = ({"PolicyDocument": {"Statement": each}} for each in ([], [denial]))
    before, after = (
        {"T": resource(TABLE, Replicas=[{"Region": "us-east-1", "ResourcePolicy": each}])}
        for each in policies
    )

    assert kinds(before, after) == ["denial-added"]


def test_a_statement_under_a_condition_is_read_with_either_outcome() -> None:
    hidden = {"Fn::If": ["Never", allow("s3:*", "*"), {"Ref": "AWS::NoValue"}]}
    turned = {**allow("s3:*", "*"), "Effect": {"Fn::If": ["Never", "Deny", "Allow"]}}

    for statement in (hidden, turned):
        assert "access-widened" in kinds({"P": policy()}, {"P": policy(statement)})


def test_a_denial_that_may_lock_out_is_told_and_the_usual_one_is_not() -> None:
    everybody = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    plain = {**everybody, "Condition": {"Bool": {"aws:SecureTransport": "false"}}}

    def guarded(*statements: Body) -> Mapping[str, Body]:
        document = {"Statement": list(statements)}
        of_bucket = resource("AWS::S3::BucketPolicy", Bucket={"Ref": "B"}, PolicyDocument=document)
        return {"B": bucket(), "P": of_bucket}

    assert kinds(guarded(), guarded(everybody)) == ["denial-added"]
    assert kinds(guarded(), guarded(plain)) == []


def test_a_section_beside_the_resources_is_red_and_a_new_output_is_not() -> None:
    before = stack({})
    for sections, kind in (({"Transform": "AWS::Include"}, ["unclassified"]), ({}, [])):
        after = stack({}, outputs={"Name": {"Value": "a"}})
        after = replace(after, template={**after.template, **sections})
        assert [each.kind for each in findings(update(before, after, SPEC))] == kind


def test_an_output_that_another_stack_can_import_is_red() -> None:
    after = stack({}, outputs={"Name": {"Value": "a", "Export": {"Name": "a"}}})

    assert [each.kind for each in findings(update(stack({}), after, SPEC))] == ["unclassified"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ({"context": {"branch": "main"}}, {"context": {"branch": "trunk"}}, []),
        ({"context": {"alertEmail": ""}}, {"context": {"alertEmail": "a@b.c"}}, ["alert-address"]),
        ({"app": "python app.py"}, {"app": "python app.py; ./edit"}, ["cdk-setting"]),
        ({"context": {"@aws-cdk/core:a": True}}, {"context": {}}, ["cdk-setting"]),
        (
            {"context": {"bundlePlatform": "lambda"}},
            {"context": {"bundlePlatform": "host"}},
            ["bundles-for-elsewhere"],
        ),
    ],
)
def test_settings_are_harmless_and_what_else_cdk_json_says_is_not(
    before: Mapping[str, Any], after: Mapping[str, Any], kind: list[str]
) -> None:
    was, is_now = (documents.app_settings(json.dumps(each)) for each in (before, after))

    assert [each.kind for each in findings(update(was, is_now, SPEC))] == kind


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address for alarms that is set."""
    file = tmp_path / CDK_JSON
    file.write_text(json.dumps({"context": {"alertEmail": "a@example.com"}}))
    monkeypatch.setattr("policies.changes.conditions.settings.FILE", file)


@pytest.mark.usefixtures("setting")
@pytest.mark.parametrize("gone", HARMLESS, ids=lambda each: each.name)
def test_without_any_one_class_something_harmless_would_be_red(
    gone: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = tuple(each for each in HARMLESS if each is not gone)
    monkeypatch.setattr("policies.changes.tables.HARMLESS", rest)

    with pytest.raises(AssertionError):
        _everything_harmless()


@pytest.mark.usefixtures("setting")
def test_one_of_each_class_is_harmless() -> None:
    _everything_harmless()


def typed(name: str) -> Mapping[str, str]:
    return {"AttributeName": name, "AttributeType": "S"}


def built(digest: str) -> Body:
    """A pipeline with a build, as CDK tells CodePipeline that the build's settings are others."""
    variables = json.dumps([{"name": "_PROJECT_CONFIG_HASH", "value": digest}])
    build = {"Name": "Synth", "Configuration": {"EnvironmentVariables": variables}}
    return resource(PIPELINE, Stages=[{"Name": "Build", "Actions": [build]}])


JOB = {"runs-on": "ubuntu-24.04", "timeout-minutes": "5", "steps": [{"name": "k", "with": {}}]}
KEPT = [{"name": "k", "with": {"retention-days": "30"}}]
NAMED = [{"Name": "A"}, {"Name": "B"}]
PHONY = {"Name": ".PHONY", "needs": {"a": ""}}
CALLED = {"Name": ".PHONY", "needs": {"a": "", "hi": ""}}
RUFF = {"lint": {"ignore": {"D1": "", "D2": ""}}}
PROMISE = "datasets/asyncapi.yaml"
LESS: Body = {"pages": {}, "modes": {}}
MORE: Body = {"pages": {"benchmarks/a.md": "So."}, "modes": {"benchmarks/a.md": "is read"}}


def promised(title: str, *names: str) -> Body:
    sent = {"A": {"properties": {name: {"type": "string"} for name in names}}}
    return {"info": {"title": title}, "components": {"messages": sent}}


def _guarded() -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What guards the gates, before and after all that is harmless there."""
    before = {
        "checks": {"rules": {}},
        "tests": {"t": "import a"},
        "at import": {"a.py": "import os"},
        "looks away": {"a.py": {"noqa: S603": 2}},
        "files": {
            "pyproject.toml": {"tool": {"ruff": RUFF}},
            "Makefile": {"targets": [PHONY], "variables": NAMED},
            ".github/workflows/ci.yml": {"name": "a", "jobs": {"a": JOB}},
            ".github/actions.toml": {"action": [{"Name": "a/b", "commit": "1"}]},
            PROMISE: promised("a", "a"),
        },
        "unknown": {"a.bin": "1 bytes, a"},
        "packages": {name: {"a.txt": {"locked": "1 a"}} for name in ("gone", "newer")},
    }
    after = {
        "checks": {"rules": {"a": ""}},
        "tests": {"t": "import a, b"},
        "code": {"a.py": "b"},
        "at import": {"a.py": "import sys", "ops/a.py": "import sys"},
        "looks away": {"a.py": {"noqa: S603": 1}},
        "files": {
            "pyproject.toml": {"tool": {"ruff": {"lint": {"ignore": {"D1": ""}}}}},
            "Makefile": {"targets": [CALLED], "variables": NAMED[::-1]},
            "CONTRIBUTING.md": "How to begin.",
            ".github/actions.toml": {"action": [{"Name": "a/b", "commit": "2"}]},
            PROMISE: promised("a", "a", "b"),
            ".github/workflows/ci.yml": {
                "name": "b",
                "jobs": {"a": {**JOB, "timeout-minutes": "6", "steps": KEPT}},
            },
        },
        **MORE,
        "unknown": {},
        "packages": {"newer": {"a.txt": {"locked": "2 b"}}},
    }
    return {"code": {"gone.py": "a"}, **LESS, **before}, after


def _templates() -> tuple[StackTemplate, StackTemplate]:
    """A stack before and after all that is harmless in a template."""
    new = resource("AWS::SQS::QueuePolicy", Queues=[{"Ref": "N"}], PolicyDocument={})
    invoked = {"FunctionName": "f", "Principal": "a", "Action": "b:c"}
    before = {
        "A": resource(ALARM, AlarmDescription="docs/runbooks/a.md"),
        "D": resource(DASHBOARD, DashboardBody='{"widgets": [{"name": "a", "x": 0}]}'),
        "F": resource(FUNCTION, {"DependsOn": ["A"]}, MemorySize=1, Code={"S3Key": A}),
        "L": resource(LOGS, {"DeletionPolicy": "Delete"}, RetentionInDays=1),
        "P": policy(allow(["s3:GetObject", "s3:PutObject"], "arn:a")),
        "H": policy(role="One"),
        "B": built("a"),
        "V": resource("AWS::Lambda::Permission", **invoked),
        "K": resource(TABLE, AttributeDefinitions=[typed("a")]),
    }
    after = {
        "A": resource(ALARM, AlarmDescription="docs/runbooks/a.md"),
        "D": resource(DASHBOARD, DashboardBody='{"widgets": [{"name": "a", "x": 1}]}'),
        "F": resource(FUNCTION, {"DependsOn": ["A", "D"]}, MemorySize=2, Code={"S3Key": B}),
        "L": resource(LOGS, {"DeletionPolicy": "Retain"}, RetentionInDays=1),
        "P": policy(allow(["s3:GetObject"], "arn:a")),
        "H": policy(role="Two"),
        "V": resource("AWS::Lambda::Permission", **{**invoked, "Action": "B:C"}),
        "N": resource(QUEUE),
        "B": built("b"),
        "Q": new,
        "K": resource(TABLE, AttributeDefinitions=[typed("a"), typed("b")]),
        "M": resource(SUBSCRIPTION, Endpoint="a@example.com", Protocol="email", TopicArn="t"),
    }
    return stack(before), stack(after, outputs={"Name": {"Value": "a"}})


def _everything_harmless() -> None:
    settings = [documents.app_settings(f'{{"context": {{"a": {n}}}}}') for n in (1, 2)]
    checks = [documents.document(guards.NAME, each) for each in _guarded()]
    pairs = (
        update(*_templates(), SPEC),
        update(settings[0], settings[1], SPEC),
        update(checks[0], checks[1], SPEC),
    )

    assert [each.rule for pair in pairs for each in findings(pair, SOURCE)] == []


def test_a_place_names_the_files_that_may_have_added_to_the_construct_as_well() -> None:
    before, after = ({"P": policy(allow(each, "*"))} for each in ("s3:Get*", "s3:Put*"))
    files = dict.fromkeys(("stages/tap_stack.py", "services/f/runtime/main.py", "docs/a.py"), "")

    [alone], [found] = (findings(between(before, after), each) for each in (None, files))

    assert found.source == f"{alone.source}; or in stages/tap_stack.py, as changed"


def test_a_setting_is_told_at_its_own_line() -> None:
    text = '{\n"context": {\n"account": "0",\n"alertEmail": "nobody"}}'
    before, after = map(documents.app_settings, (text, text.replace("nobody", "a@b.c")))

    [found] = findings(update(before, after, SPEC))

    assert (found.kind, found.source) == ("alert-address", "cdk.json:4")


def test_lines_that_only_change_places_are_told_as_that() -> None:
    one, other = ({"pages": {"docs/a.md": text}} for text in ("ops a\nops b", "ops b\nops a"))
    before, after = (documents.document(guards.NAME, each) for each in (one, other))

    [found] = findings(update(before, after, SPEC))

    assert "these lines stand in another order:" in found.message
