import pytest

from policies.changes.grants import PERMISSION
from policies.changes.kinds import findings
from tests.policy.changes.updates import ROLE, between, bucket, reported
from tests.policy.templates import Body, resource

TLS = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "s3:*",
    "Resource": "arn:b/*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
TOLD = ["P: Deny * s3:*@arn:b/* if Bool aws:SecureTransport=false"]


def guarded(*statements: Body) -> dict[str, Body]:
    document = {"Statement": list(statements)}
    return {
        "B": bucket(),
        "P": resource("AWS::S3::BucketPolicy", Bucket={"Ref": "B"}, PolicyDocument=document),
    }


def test_a_denial_of_plain_http_that_is_gone_is_told() -> None:
    assert reported("statement-removed", guarded(TLS), guarded()) == TOLD


def test_a_policy_that_is_gone_takes_its_denials_along() -> None:
    assert reported("statement-removed", guarded(TLS), {"B": bucket()}) == TOLD


def test_a_denial_of_less_is_told() -> None:
    assert (
        reported("statement-removed", guarded(TLS), guarded({**TLS, "Action": "s3:Get*"})) == TOLD
    )
    more = {**TLS, "Condition": {**TLS["Condition"], "StringEquals": {"a": "b"}}}  # type: ignore[dict-item]
    assert reported("statement-removed", guarded(TLS), guarded(more)) == TOLD


def test_a_denial_of_the_same_or_more_is_no_danger() -> None:
    everything = {**TLS, "Action": "*", "Condition": {}}

    assert reported("statement-removed", guarded(TLS), guarded(TLS)) == []
    assert reported("statement-removed", guarded(TLS), guarded(everything)) == []


def test_a_denial_goes_with_what_it_protected() -> None:
    assert reported("statement-removed", guarded(TLS), {}) == []


def test_a_right_on_a_resource_that_somebody_loses_is_told() -> None:
    ours = {**TLS, "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}}
    wider = {**ours, "Action": "s3:*", "Condition": {}}

    assert reported("statement-removed", guarded(ours), guarded()) == [
        "P: Allow Service:logging.s3.amazonaws.com s3:*@arn:b/* if Bool aws:SecureTransport=false"
    ]
    assert reported("statement-removed", guarded(ours), guarded(wider)) == []


def test_a_right_that_another_one_takes_the_place_of_is_told_once_as_that() -> None:
    one, other = (
        {**TLS, "Effect": "Allow", "Principal": {"Service": name}} for name in ("a.com", "b.com")
    )

    assert reported("statement-removed", guarded(one), guarded(other)) == []
    assert len(reported("access-widened", guarded(one), guarded(other))) == 1


def test_a_right_under_one_more_condition_is_told() -> None:
    ours = {**TLS, "Effect": "Allow", "Principal": {"Service": "a.com"}}
    more = {**ours, "Condition": {**TLS["Condition"], "StringEquals": {"a": "b"}}}  # type: ignore[dict-item]

    assert len(reported("statement-removed", guarded(ours), guarded(more))) == 1
    assert reported("statement-removed", guarded(ours), guarded(ours, more)) == []


@pytest.mark.parametrize("limit", ["EventSourceToken", "SourceAccount", "PrincipalOrgID"])
def test_a_permission_under_one_more_limit_is_told(limit: str) -> None:
    said = {"FunctionName": "f", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"}
    before, after = ({"I": resource(PERMISSION, **said, **more)} for more in ({}, {limit: "x"}))

    assert reported("statement-removed", before, after) == [
        "I: Allow s3.amazonaws.com lambda:InvokeFunction@f"
    ]


@pytest.mark.parametrize("on", ["arn:t", "arn:t/*", "arn:t/orders"])
def test_what_a_role_may_still_do_must_not_shrink_or_hang_on_one_more_condition(on: str) -> None:
    right = {"Effect": "Allow", "Action": ["a:Get", "a:Put"], "Resource": ["arn:t", "arn:t/*"]}
    less = {**right, "Action": "a:Get", "Resource": on}
    locked = {**less, "Condition": {"Bool": {"aws:ViaAWSService": "true"}}}
    without = {**right, "Action": "a:Put"}
    before, fewer, never, declared = (
        {"R": resource(ROLE, Policies=[{"PolicyDocument": {"Statement": [each]}}])}
        for each in (right, less, locked, without)
    )

    assert len(reported("statement-removed", before, fewer)) == 1
    assert len(reported("statement-removed", before, never)) == 1
    assert reported("statement-removed", before, declared) == []


def test_a_role_without_its_boundary_is_told() -> None:
    bounded = resource(ROLE, PermissionsBoundary="arn:boundary")

    assert reported("statement-removed", {"R": bounded}, {"R": resource(ROLE)}) == [
        "R: Deny PermissionsBoundary@arn:boundary"
    ]


@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_condition_that_changes_is_told_as_it_was_and_as_it_is(effect: str) -> None:
    was, now = (
        {**TLS, "Effect": effect, "Condition": {"StringEquals": {"aws:SourceAccount": each}}}
        for each in ("here", "there")
    )
    found = findings(between(guarded(was), guarded(now)))

    said = {each.kind: each.message for each in found}
    was_said, now_said = (
        f"* s3:*@arn:b/* if StringEquals aws:SourceAccount={each}" for each in ("here", "there")
    )
    if effect == "Deny":
        denied, free = said["denial-added"].split("; no longer denied, ")
        assert (now_said in denied, was_said in free) == (True, True)
        assert said["statement-removed"] == f"this is no longer denied; denied instead: {now_said}"
    else:
        assert was_said in said["access-widened"]


def test_a_denial_that_is_wider_leaves_nothing_undenied() -> None:
    read = {**TLS, "Action": "s3:GetObject"}
    [found] = findings(between(guarded(read), guarded({**TLS, "Condition": {}})))

    assert found.message == "denied now, even to the product itself: * s3:*@arn:b/*"


def test_a_denial_that_is_gone_has_nothing_in_its_place() -> None:
    [found] = findings(between(guarded(TLS), guarded()))

    assert found.message == "this is no longer denied, and nothing is in its place"
