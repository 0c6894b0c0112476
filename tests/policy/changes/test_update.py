import json
import random
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.changes.kinds import findings
from policies.changes.update import Action, updates
from tests.policy.changes.updates import KEPT, SPEC, TABLE, between, bucket
from tests.policy.templates import Body, allow, policy, resource, stack

VALUES = st.recursive(
    st.booleans() | st.text(max_size=3),
    lambda parts: st.lists(parts, max_size=2) | st.dictionaries(st.text(max_size=3), parts),
    max_leaves=5,
)
NAMES = st.sampled_from(["s3:GetObject", "s3:*", "*", "sqs:SendMessage", "arn:a/*", "arn:a/b?"])
BODIES = st.one_of(
    st.builds(lambda value: bucket(Tags=value), VALUES),
    st.builds(lambda action, on: policy(allow(action, on)), st.lists(NAMES, min_size=1), NAMES),
    st.builds(lambda value: resource(TABLE, SSESpecification=value), VALUES),
)
TEMPLATES = st.dictionaries(st.sampled_from("ABCD"), BODIES)


def shuffled(value: object, order: random.Random) -> object:
    """The same for JSON: keys in another order."""
    if isinstance(value, dict):
        keys = order.sample(sorted(value), len(value))
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(part, order) for part in value] if isinstance(value, list) else value


def found(before: Mapping[str, Body], after: Mapping[str, Body]) -> list[str]:
    return sorted(each.rule for each in findings(between(before, after)))


@given(TEMPLATES)
def test_a_template_has_not_changed_since_itself(resources: Mapping[str, Body]) -> None:
    update = between(resources, json.loads(json.dumps(resources)))

    assert update.changes == ()
    assert findings(update) == []


@given(TEMPLATES, TEMPLATES, st.randoms(use_true_random=False))
def test_the_order_of_keys_is_no_change(
    before: Mapping[str, Body], after: Mapping[str, Body], order: random.Random
) -> None:
    mixed = [cast("Mapping[str, Body]", shuffled(each, order)) for each in (before, after)]

    assert found(*mixed) == found(before, after)


@given(st.lists(NAMES, min_size=1, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_actions_and_statements_widens_nothing(
    actions: list[str], order: random.Random
) -> None:
    together = [allow(actions, "arn:a")]
    apart = [allow(action, ["arn:a"]) for action in order.sample(actions, len(actions))]

    assert findings(between({"P": policy(*together)}, {"P": policy(*apart)})) == []


def test_each_change_says_what_becomes_of_the_resource() -> None:
    before = {"Gone": bucket(), "Renamed": bucket(BucketName="a"), "Same": bucket()}
    after = {
        "Renamed": resource("AWS::S3::Bucket", {**KEPT, "UpdateReplacePolicy": "Delete"}),
        "Same": {**bucket(), "Metadata": {"aws:cdk:path": "a/b"}},
        "New": resource("AWS::Lambda::Function"),
    }

    changes = [change.as_data() for change in between(before, after).changes]

    assert {row["logical_id"]: row["action"] for row in changes} == {
        "Gone": Action.REMOVED,
        "New": Action.ADDED,
        "Renamed": Action.MODIFIED,
    }
    assert changes[2] == {
        "action": "modified",
        "stack": "serverless-data-ingestion-prod",
        "region": "us-east-1",
        "path": "pipeline/primary/tap/Renamed",
        "logical_id": "Renamed",
        "type": "AWS::S3::Bucket",
        "properties": {"BucketName": "yes", "UpdateReplacePolicy": "no"},
        "replacement": "yes",
        "stateful": True,
        "data_loss": True,
    }


def test_a_stack_is_the_same_wherever_it_stands_in_the_app() -> None:
    before, after = stack({"A": bucket()}, stage="old"), stack({"A": bucket()}, stage="new")

    assert [pair.changes for pair in updates([before], [after], SPEC)] == [()]


def test_a_stack_with_another_name_or_region_is_another() -> None:
    before = stack({"A": bucket()})

    for after in (stack({"A": bucket()}, name="b"), stack({"A": bucket()}, region="eu-west-1")):
        pairs = updates([before], [after], SPEC)
        assert sorted(change.action for pair in pairs for change in pair.changes) == [
            "added",
            "removed",
        ]


def rules_of(before: Mapping[str, Body], after: Mapping[str, Body]) -> list[str]:
    """Return what is found where every stack is compared."""
    compared = updates([stack(before)], [stack(after)], SPEC)
    return sorted(each.rule for one in compared for each in findings(one))


def reads(bucket: str) -> Body:
    return policy(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))


def test_what_follows_the_new_name_of_a_bucket_is_not_told_again() -> None:
    before = {"B": bucket(BucketName="files"), "P": reads("files")}
    after = {"B": bucket(BucketName="files-new"), "P": reads("files-new")}

    assert rules_of(before, after) == ["stateful-replaced[AWS::S3::Bucket BucketName]"]


@pytest.mark.parametrize("named", ["files", "other", "files-new*", "*"])
def test_what_does_not_follow_the_new_name_of_a_bucket_is_told(named: str) -> None:
    before = {"B": bucket(BucketName="files"), "P": reads("files")}
    after = {"B": bucket(BucketName="files-new"), "P": reads(named)}

    widened, replaced = rules_of(before, after)
    assert replaced == "stateful-replaced[AWS::S3::Bucket BucketName]"
    assert widened == f"access-widened[Allow s3:GetObject@arn:aws:s3:::{named}/*]"


def test_two_buckets_that_swap_their_names_are_told_and_what_follows_is_not() -> None:
    before = {"A": bucket(BucketName="a"), "B": bucket(BucketName="b"), "P": reads("a")}
    after = {"A": bucket(BucketName="b"), "B": bucket(BucketName="a"), "P": reads("b")}

    assert len({*rules_of(before, after)}) == 1


@pytest.mark.parametrize("name", [None, {"Ref": "Name"}])
def test_a_name_that_comes_or_is_not_known_renames_nothing_else(name: object) -> None:
    before = {"B": bucket(BucketName=name), "P": reads("None")}
    after = {"B": bucket(BucketName="a"), "P": reads("a")}

    assert any(each.startswith("access-widened") for each in rules_of(before, after))
