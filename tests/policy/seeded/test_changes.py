"""Every hazardous change of what is deployed stops the commit, each by its own guard."""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.templates import assembly
from policies.templates.template import StackTemplate

Resources: TypeAlias = dict[str, Any]
ANYBODY = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """``edit`` changes what is ``at`` a place of a stage; guard ``kind`` must say ``says``."""

    what: str
    at: str
    edit: Callable[[Resources, str], object]
    kind: str
    says: str
    stage: str = "primary"


def properties(resources: Resources, logical_id: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[logical_id]["Properties"]
    return found


def put(**values: object) -> Callable[[Resources, str], object]:
    return lambda resources, id_: properties(resources, id_).update(values)


def _statement(resources: Resources, id_: str) -> dict[str, Any]:
    first: dict[str, Any] = properties(resources, id_)["PolicyDocument"]["Statement"][0]
    return first


def _other_index_key(resources: Resources, id_: str) -> None:
    [index] = properties(resources, id_)["GlobalSecondaryIndexes"]
    index["KeySchema"] = [{"AttributeName": "dataset", "KeyType": "HASH"}]


def _two_more_indexes(resources: Resources, id_: str) -> None:
    [index] = properties(resources, id_)["GlobalSecondaryIndexes"]
    more = [{**index, "IndexName": name} for name in ("one", "two")]
    properties(resources, id_)["GlobalSecondaryIndexes"] = [index, *more]


CHANGES = (
    Change(
        what="a table with another key",
        at="Table/Table",
        edit=put(KeySchema=[{"AttributeName": "timestamp", "KeyType": "HASH"}]),
        kind="stateful-replaced",
        says="KeySchema",
    ),
    Change(
        what="a table with another name",
        at="Table/Table",
        edit=put(TableName="serverless-records-prod"),
        kind="stateful-replaced",
        says="TableName",
    ),
    Change(
        what="a table that is gone",
        at="Table/Table",
        edit=lambda resources, id_: resources.pop(id_),
        kind="stateful-removed",
        says="",
    ),
    Change(
        what="an index that is replaced",
        at="Table/Table",
        edit=_other_index_key,
        kind="index-changed",
        says="status-index",
    ),
    Change(
        what="two more indexes at once",
        at="Table/Table",
        edit=_two_more_indexes,
        kind="table-updates",
        says="",
    ),
    Change(
        what="a table whose records begin to expire",
        at="Table/Table",
        edit=put(TimeToLiveSpecification={"AttributeName": "timestamp", "Enabled": True}),
        kind="expiry-added",
        says="TimeToLiveSpecification",
    ),
    Change(
        what="a bucket whose files begin to expire",
        at="Ingestion/Bucket",
        edit=put(LifecycleConfiguration={"Rules": [{"ExpirationInDays": 30, "Status": "Enabled"}]}),
        kind="expiry-added",
        says="LifecycleConfiguration",
    ),
    Change(
        what="a bucket with another name",
        at="Ingestion/Bucket",
        edit=put(BucketName="serverless-incoming-prod"),
        kind="stateful-replaced",
        says="BucketName",
    ),
    Change(
        what="a queue that is gone",
        at="Processor/DeadLetters/Queue",
        edit=lambda resources, id_: resources.pop(id_),
        kind="stateful-removed",
        says="",
    ),
    Change(
        what="a role that may do more",
        at="Processor/Service/Role/DefaultPolicy",
        edit=lambda resources, id_: _statement(resources, id_).update(Action="dynamodb:*"),
        kind="access-widened",
        says="dynamodb:*",
    ),
    Change(
        what="a queue that takes messages of anybody",
        at="StreamConsumer/Failures/Queue/Policy",
        edit=lambda resources, id_: properties(resources, id_)["PolicyDocument"][
            "Statement"
        ].append(ANYBODY),
        kind="access-widened",
        says="sqs:SendMessage",
    ),
    Change(
        what="a queue that no longer denies plain HTTP",
        at="Processor/DeadLetters/Queue/Policy",
        edit=lambda resources, id_: properties(resources, id_)["PolicyDocument"].update(
            Statement=[]
        ),
        kind="statement-removed",
        says="sqs:*",
    ),
    Change(
        what="a bucket that is opened",
        at="Ingestion/Bucket",
        edit=lambda resources, id_: properties(resources, id_)[
            "PublicAccessBlockConfiguration"
        ].update(BlockPublicPolicy=False),
        kind="network-opened",
        says="BlockPublicPolicy",
    ),
    Change(
        what="an access point over other buckets",
        at="AccessPoint/AccessPoint",
        edit=put(Regions=[{"Bucket": "serverless-incoming-prod"}]),
        kind="stateful-replaced",
        says="Regions",
        stage="standby",
    ),
    Change(
        what="a takeover that an update would end",
        at="StreamConsumer/Takeover",
        edit=put(BatchSize=50),
        kind="takeover-reset",
        says="BatchSize",
    ),
)


@pytest.fixture(scope="module")
def stacks(green: Path) -> Sequence[StackTemplate]:
    return assembly.read(green).stacks


@pytest.fixture(scope="module")
def spec() -> Spec:
    return Spec.load()


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.what)
def test_a_change_is_caught_by_its_own_guard_which_says_what_and_where(
    stacks: Sequence[StackTemplate], spec: Spec, change: Change
) -> None:
    after = [_edited(stack, change) for stack in stacks]

    verdict = compare(Base(name="base", stacks=stacks), after, [], spec).verdict

    found = [found for found in verdict.findings if found.kind == change.kind]
    assert found
    region = "us-east-1" if change.stage == "primary" else "us-west-2"
    place = f"serverless-pipeline-prod/{change.stage}/tap/{change.at}"
    assert {(each.path.removesuffix("/Resource"), each.region) for each in found} == {
        (place, region)
    }
    assert all(change.says in each.rule for each in found)
    assert all("accept exactly this change" in each.remedy for each in found)


def test_nothing_is_caught_where_nothing_changes(
    stacks: Sequence[StackTemplate], spec: Spec
) -> None:
    assert compare(Base(name="base", stacks=stacks), stacks, [], spec).verdict.findings == ()


def test_a_standby_that_is_behind_catches_up_with_what_the_primary_went_through(
    stacks: Sequence[StackTemplate], spec: Spec
) -> None:
    [widened] = [change for change in CHANGES if change.what == "a role that may do more"]
    both = [_edited(stack, widened, "primary", "standby") for stack in stacks]
    primary_only = [_edited(stack, widened) for stack in stacks]

    first = compare(Base(name="deployed", stacks=stacks, deployed=True), both, [], spec)
    later = compare(Base(name="deployed", stacks=primary_only, deployed=True), both, [], spec)

    assert {found.region for found in first.verdict.findings} == {"us-east-1", "us-west-2"}
    assert later.verdict.findings == ()


def _edited(stack: StackTemplate, change: Change, *stages: str) -> StackTemplate:
    if stack.stage not in (stages or (change.stage,)):
        return stack
    template = copy.deepcopy(dict(stack.template))
    [logical_id] = [
        resource.logical_id
        for resource in stack.resources()
        if resource.local.partition("/")[2] == change.at
    ]
    change.edit(template["Resources"], logical_id)
    return replace(stack, template=template)
