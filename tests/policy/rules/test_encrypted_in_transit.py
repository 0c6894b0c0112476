import pytest

from policies.rules.encrypted_in_transit import STORES, check
from tests.policy.templates import Body, resource, stack

OVER_HTTP = {"Bool": {"aws:SecureTransport": "false"}}


def store_and_policy(type_: str, **changes: object) -> dict[str, Body]:
    policy_type, action = STORES[type_]
    statement = {
        "Effect": "Deny",
        "Action": action,
        "Principal": {"AWS": "*"},
        "Condition": OVER_HTTP,
        "Resource": {"Fn::GetAtt": ["Store", "Arn"]},
    }
    document = {"Statement": [{**statement, **changes}]}
    return {"Store": resource(type_), "Policy": resource(policy_type, PolicyDocument=document)}


@pytest.mark.parametrize("type_", STORES)
def test_a_store_that_refuses_plain_http_passes(type_: str) -> None:
    assert not list(check([stack(store_and_policy(type_))]))


def test_anyone_may_be_written_in_short() -> None:
    assert not list(check([stack(store_and_policy("AWS::SQS::Queue", Principal="*"))]))


@pytest.mark.parametrize("type_", STORES)
def test_a_store_without_a_policy_is_found(type_: str) -> None:
    [finding] = check([stack({"Store": resource(type_)})])

    assert finding.path == "pipeline/primary/tap/Store"
    assert finding.message == f"{type_} accepts requests without TLS"


@pytest.mark.parametrize(
    "change",
    [
        {"Effect": "Allow"},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Principal": {"AWS": "arn:aws:iam::111111111111:root"}},
        {"Action": "sqs:SendMessage"},
        {"Resource": {"Fn::GetAtt": ["Other", "Arn"]}},
    ],
)
def test_a_denial_that_leaves_a_way_is_no_denial(change: dict[str, object]) -> None:
    assert list(check([stack(store_and_policy("AWS::SQS::Queue", **change))]))
