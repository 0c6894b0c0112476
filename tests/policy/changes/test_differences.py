"""Every value that differs is found, once, and named by the way that leads to it."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies.changes.differences import Difference, differences
from policies.changes.update import update
from tests.policy.changes.updates import SPEC, between
from tests.policy.templates import Body, resource, stack

PROJECT = "AWS::CodeBuild::Project"
A, B, C = ({"Do": letter} for letter in "abc")
KEYS = st.sampled_from(["Name", "Properties", "Ref", "Fn::If", "Version", "a"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just('{"a": [1]}'),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(KEYS, parts, max_size=3),
    max_leaves=8,
)
PARTS = st.dictionaries(KEYS, VALUES, max_size=4)


def found(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    bodies = [{"Thing": resource(PROJECT, **each)} for each in (before, after)]
    return [str(each) for each in differences(between(*bodies))]


def in_template(**sections: object) -> list[Difference]:
    before = stack({})
    after = replace(before, template={**before.template, **sections})
    return differences(update(before, after, SPEC))


@given(PARTS)
def test_what_is_the_same_has_no_difference(properties: Mapping[str, Any]) -> None:
    assert found(properties, deepcopy(properties)) == []


@given(PARTS, PARTS)
def test_what_differs_has_one(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    assume(_plain(before) != _plain(after))

    assert found(before, after)


def _plain(value: object) -> object:
    """The value with JSON in texts read, and without what is null, which is no value."""
    match value:
        case str() if value[:1] in ("{", "["):
            with suppress(ValueError):
                return _plain(json.loads(value))
        case dict():
            return {key: _plain(part) for key, part in value.items() if part is not None}
        case list():
            return [_plain(part) for part in value]
    return json.dumps(value)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ({"Delay": 0}, {"Delay": 9}, "Properties.Delay 0 -> 9"),
        ({}, {"Delay": 9}, "Properties.Delay nothing -> 9"),
        ({"A": {"B": {"C": "x"}}}, {"A": {"B": {"C": "y"}}}, "Properties.A.B.C x -> y"),
        (
            {"Stages": [{"Name": "Source", "A": 1}, {"Name": "Build", "A": 1}]},
            {"Stages": [{"Name": "Source", "A": 1}, {"Name": "Build", "A": 2}]},
            "Properties.Stages.Build.A 1 -> 2",
        ),
        (
            {"Stages": [{"Name": "approval"}, {"Name": "standby"}]},
            {"Stages": [{"Name": "standby"}, {"Name": "approval"}]},
            'Properties.Stages.(order) ["approval", "standby"] -> ["standby", "approval"]',
        ),
        (
            {"Source": {"BuildSpec": json.dumps({"phases": {"build": {"on-failure": "ABORT"}}})}},
            {"Source": {"BuildSpec": json.dumps({"phases": {"build": {}}}, indent=1)}},
            "Properties.Source.BuildSpec.phases.build.on-failure ABORT -> nothing",
        ),
        (
            {"Commands": ["make check", "make unit"]},
            {"Commands": ["make check"]},
            'Properties.Commands ["make check", "make unit"] -> ["make check"]',
        ),
        ({"Key": {"Ref": "A"}}, {"Key": {"Ref": "B"}}, "Properties.Key <A> -> <B>"),
        (
            {"On": "arn:aws:sqs:us-east-1:111111111111:a"},
            {"On": "arn:aws:sqs:us-east-1:111111111111:b"},
            "Properties.On arn:aws:sqs:{region}:{account}:a -> arn:aws:sqs:{region}:{account}:b",
        ),
    ],
)
def test_a_difference_says_where_it_is_and_what_becomes_of_what(
    before: Mapping[str, Any], after: Mapping[str, Any], says: str
) -> None:
    assert found(before, after) == [says]


def test_a_long_value_is_told_by_its_digest_so_that_a_row_is_about_exactly_this_one() -> None:
    one, other, third = ({"Definition": letter * 999} for letter in "abc")

    assert found(one, other) != found(one, third)
    assert len(found(one, other)[0]) < 99


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ([B, C], ['Properties.Rules.0 {"Do": "a"} -> nothing']),
        ([C, A, B], ["Properties.Rules.(order)"]),
        ([A, B, C, C], ['Properties.Rules.3 nothing -> {"Do": "c"}']),
        ([A, {"Do": "d"}, C], ["Properties.Rules.1.Do b -> d"]),
    ],
)
def test_a_member_without_a_name_is_known_wherever_it_stands(
    after: Sequence[Body], told: list[str]
) -> None:
    differing = found({"Rules": [A, B, C]}, {"Rules": after})

    assert len(differing) == len(told)
    assert all(one.startswith(other) for one, other in zip(differing, told, strict=True))


@pytest.mark.parametrize(
    "section",
    [
        {"Transform": "AWS::Include"},
        {"Conditions": {"Off": {"Fn::Equals": ["a", "a"]}}},
        {"Mappings": {"Accounts": {"us-east-1": {"id": "1"}}}},
        {"Rules": {"None": {"Assertions": []}}},
        {"Parameters": {"Bucket": {"Type": "String"}}},
        {"Hooks": {"After": {"Type": "AWS::CodeDeploy::BlueGreen"}}},
    ],
)
def test_what_stands_beside_the_resources_is_compared(section: Mapping[str, Any]) -> None:
    [difference] = in_template(**section)

    assert difference.where == (*section,)
    assert difference.owner is None


def test_termination_protection_is_compared_although_no_template_has_it() -> None:
    before, after = stack({}), stack({}, termination_protected=False)

    assert [str(each) for each in differences(update(before, after, SPEC))] == [
        "TerminationProtection true -> false"
    ]


def test_a_resource_that_comes_or_goes_is_one_difference() -> None:
    thing = resource(PROJECT, Name="a", Source={"Type": "S3"})

    nothing: Mapping[str, Body] = {}
    for before, after in ((nothing, {"Thing": thing}), ({"Thing": thing}, nothing)):
        [difference] = differences(between(before, after))
        assert difference.where == ()
        assert str(difference).startswith(f"{PROJECT} ")
