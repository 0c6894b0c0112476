from policies.rules.no_wildcard_resources import check
from tests.policy.templates import allow, policy, resource, stack

ACTIONS = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def test_a_role_that_may_act_on_everything_is_found_by_its_exact_statement() -> None:
    breaches = list(check([stack({"Policy": policy(allow(ACTIONS, "*"))})]))

    assert [found.exact for found in breaches] == [
        "xray:PutTelemetryRecords,xray:PutTraceSegments@*"
    ]


def test_another_statement_on_the_same_role_is_another_finding() -> None:
    statements = (allow(ACTIONS, "*"), allow("s3:GetObject", ["arn:aws:s3:::b", "*"]))

    breaches = list(check([stack({"Policy": policy(*statements)})]))

    assert len({found.named("rule").rule for found in breaches}) == 2


def test_all_but_some_resources_is_found() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "NotResource": "arn:aws:s3:::b"}

    assert list(check([stack({"Policy": policy(statement)})]))


def test_a_named_resource_passes_and_so_does_a_key_whose_policy_means_itself() -> None:
    key = resource("AWS::KMS::Key", KeyPolicy={"Statement": [allow("kms:Decrypt", "*")]})
    named = policy(allow("s3:GetObject", {"Fn::GetAtt": ["Bucket", "Arn"]}))

    assert not list(check([stack({"Key": key, "Policy": named})]))
