from tests.policy.changes.updates import ROLE, bucket, reported
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
    assert reported("denial-removed", guarded(TLS), guarded()) == TOLD


def test_a_policy_that_is_gone_takes_its_denials_along() -> None:
    assert reported("denial-removed", guarded(TLS), {"B": bucket()}) == TOLD


def test_a_denial_of_less_is_told() -> None:
    assert reported("denial-removed", guarded(TLS), guarded({**TLS, "Action": "s3:Get*"})) == TOLD
    more = {**TLS, "Condition": {**TLS["Condition"], "StringEquals": {"a": "b"}}}  # type: ignore[dict-item]
    assert reported("denial-removed", guarded(TLS), guarded(more)) == TOLD


def test_a_denial_of_the_same_or_more_is_no_danger() -> None:
    everything = {**TLS, "Action": "*", "Condition": {}}

    assert reported("denial-removed", guarded(TLS), guarded(TLS)) == []
    assert reported("denial-removed", guarded(TLS), guarded(everything)) == []


def test_a_denial_goes_with_what_it_protected() -> None:
    assert reported("denial-removed", guarded(TLS), {}) == []


def test_an_allowance_that_goes_is_no_danger() -> None:
    assert reported("denial-removed", guarded({**TLS, "Effect": "Allow"}), guarded()) == []


def test_a_role_without_its_boundary_is_told() -> None:
    bounded = resource(ROLE, PermissionsBoundary="arn:boundary")

    assert reported("denial-removed", {"R": bounded}, {"R": resource(ROLE)}) == [
        "R: Deny PermissionsBoundary@arn:boundary"
    ]
