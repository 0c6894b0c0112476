import pytest

from tests.policy.changes.updates import bucket, reported
from tests.policy.templates import Body, resource

CLOSED = dict.fromkeys(
    ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
)


def blocked(**switches: object) -> Body:
    return bucket(PublicAccessBlockConfiguration={**CLOSED, **switches})


def test_a_block_that_is_switched_off_is_told() -> None:
    dangers = reported("network-opened", {"B": blocked()}, {"B": blocked(BlockPublicPolicy=False)})

    assert dangers == ["B: BlockPublicPolicy is off"]


def test_a_block_that_is_left_out_is_off() -> None:
    assert len(reported("network-opened", {"B": blocked()}, {"B": bucket()})) == 4


def test_what_was_open_is_not_told_again() -> None:
    assert reported("network-opened", {"B": bucket()}, {"B": bucket()}) == []


def test_closing_is_no_danger() -> None:
    assert reported("network-opened", {"B": bucket()}, {"B": blocked()}) == []


def test_a_new_bucket_is_closed_or_told() -> None:
    assert reported("network-opened", {}, {"B": blocked()}) == []
    assert reported("network-opened", {}, {"B": blocked(IgnorePublicAcls=False)})


@pytest.mark.parametrize(
    ("properties", "opening"),
    [
        ({"AccessControl": "PublicRead"}, "AccessControl is PublicRead"),
        (
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
            "ObjectOwnership lets ACLs count",
        ),
    ],
)
def test_an_acl_that_counts_is_told(properties: dict[str, object], opening: str) -> None:
    before = blocked()
    after = {**before, "Properties": {**before["Properties"], **properties}}

    assert reported("network-opened", {"B": before}, {"B": after}) == [f"B: {opening}"]


@pytest.mark.parametrize(("auth", "dangers"), [("NONE", ["U: AuthType is NONE"]), ("AWS_IAM", [])])
def test_a_url_without_authentication_is_told(auth: str, dangers: list[str]) -> None:
    assert (
        reported("network-opened", {}, {"U": resource("AWS::Lambda::Url", AuthType=auth)})
        == dangers
    )


def test_another_rule_of_a_security_group_is_told() -> None:
    rules = [{"CidrIp": "10.0.0.0/8"}, {"CidrIp": "0.0.0.0/0"}]
    before, after = (
        resource("AWS::EC2::SecurityGroup", SecurityGroupIngress=rules[:count]) for count in (1, 2)
    )

    assert reported("network-opened", {"G": before}, {"G": after}) == [
        'G: SecurityGroupIngress {"CidrIp": "0.0.0.0/0"}'
    ]
    assert reported("network-opened", {"G": after}, {"G": before}) == []


def test_a_rule_on_its_own_is_told() -> None:
    rule = resource("AWS::EC2::SecurityGroupIngress", CidrIp="0.0.0.0/0")

    assert reported("network-opened", {}, {"R": rule}) == ['R: {"CidrIp": "0.0.0.0/0"}']
