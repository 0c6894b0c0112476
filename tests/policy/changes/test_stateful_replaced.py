import pytest

from policies.changes.kinds import stateful_replaced
from tests.policy.changes.updates import BUCKET, TABLE, between, bucket, reported
from tests.policy.templates import resource


def test_another_name_of_a_bucket_is_told() -> None:
    before, after = {"Data": bucket(BucketName="a")}, {"Data": bucket(BucketName="b")}

    assert reported("stateful-replaced", before, after) == ["Data: AWS::S3::Bucket BucketName"]


@pytest.mark.parametrize(
    ("before", "after"), [({}, {"BucketName": "a"}), ({"BucketName": "a"}, {})]
)
def test_a_name_that_comes_or_goes_is_another_name(
    before: dict[str, str], after: dict[str, str]
) -> None:
    assert reported("stateful-replaced", {"Data": bucket(**before)}, {"Data": bucket(**after)})


def test_what_changes_in_place_is_no_replacement() -> None:
    before, after = {"Data": bucket()}, {"Data": bucket(Tags=[{"Key": "a", "Value": "b"}])}

    assert reported("stateful-replaced", before, after) == []


def test_what_holds_no_state_may_be_replaced() -> None:
    before, after = (
        {"Run": resource("AWS::Lambda::Function", FunctionName=name)} for name in ("a", "b")
    )

    assert reported("stateful-replaced", before, after) == []


def test_another_type_is_a_replacement() -> None:
    assert reported(
        "stateful-replaced", {"Data": bucket()}, {"Data": resource("AWS::SQS::Queue")}
    ) == ["Data: AWS::SQS::Queue Type"]


def test_a_replacement_that_depends_is_told_as_one_that_may_be() -> None:
    before, after = ({"T": resource("AWS::SNS::Topic", TopicName=name)} for name in ("a", "b"))

    (found,) = stateful_replaced.check(between(before, after))

    whole = "the Topic may be replaced: who uses the old one's name or address no longer"
    assert found.message.startswith(whole)


def test_a_replacement_under_the_same_name_is_told_to_fail() -> None:
    before, after = (
        {"T": resource("AWS::DynamoDB::GlobalTable", TableName="a", KeySchema=[key])}
        for key in ("id", "other")
    )

    (found,) = stateful_replaced.check(between(before, after))

    assert found.message.startswith("a can only be replaced by an empty one, which fails")


@pytest.mark.parametrize(
    ("attributes", "dangers"),
    [
        ([("id", "N")], ["T: AWS::DynamoDB::GlobalTable AttributeDefinitions"]),
        ([("id", "S"), ("more", "S")], []),
        ([("other", "S")], []),
    ],
)
def test_another_type_of_an_attribute_is_another_table(
    attributes: list[tuple[str, str]], dangers: list[str]
) -> None:
    before, after = (
        resource(
            TABLE,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": type_} for name, type_ in each
            ],
        )
        for each in ([("id", "S")], attributes)
    )

    assert reported("stateful-replaced", {"T": before}, {"T": after}) == dangers


def test_the_old_one_is_left_behind_only_if_both_templates_keep_it() -> None:
    careless = resource(BUCKET, BucketName="a")

    (found,) = stateful_replaced.check(
        between({"Data": careless}, {"Data": bucket(BucketName="b")})
    )

    assert "the old one is deleted" in found.message
