import pytest

from policies.changes.kinds import stateful_removed
from tests.policy.changes.updates import TABLE, between, bucket, reported
from tests.policy.templates import Body, resource


def test_a_bucket_that_is_gone_is_told() -> None:
    assert reported("stateful-removed", {"Data": bucket()}, {}) == ["Data: AWS::S3::Bucket"]


def test_what_holds_no_state_may_go() -> None:
    assert reported("stateful-removed", {"Run": resource("AWS::Lambda::Function")}, {}) == []


def test_a_bucket_that_stays_or_comes_is_no_matter() -> None:
    assert (
        reported("stateful-removed", {"Data": bucket()}, {"Data": bucket(), "New": bucket()}) == []
    )


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        (bucket(), "left behind, unmanaged"),
        (bucket({"DeletionPolicy": "Delete"}), "deleted with its data"),
        (resource(TABLE), "deleted with its data"),
    ],
)
def test_it_is_said_whether_the_data_goes_too(body: Body, fate: str) -> None:
    (found,) = stateful_removed.check(between({"Data": body}, {}))

    assert fate in found.message


def test_another_logical_id_is_a_removal_and_the_heir_is_named() -> None:
    body = bucket(BucketName="data")

    (found,) = stateful_removed.check(between({"Old": body}, {"New": body}))

    assert (found.path.rpartition("/")[2], "is now New" in found.message) == ("Old", True)
    assert "the name data is still taken then, so the deployment fails" in found.message


def test_a_new_one_with_another_name_or_none_can_be_created() -> None:
    one, other = ({"Old": bucket(BucketName=name)} for name in ("data", "more"))
    for after in ({"New": other["Old"]}, {"New": bucket()}):
        (found,) = stateful_removed.check(between(one, after))
        assert "left behind" in found.message
    (found,) = stateful_removed.check(between({"Old": bucket()}, {"New": bucket()}))
    assert "is now New: a new resource is created" in found.message
