import pytest

from policies.rules.no_foreign_accounts import check
from tests.policy.templates import Body, resource, stack

OURS, ALSO_OURS, FOREIGN = "111111111111", "222222222222", "999988887777"
ALLOW = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}


def reported(body: Body) -> list[str]:
    app = [stack({"It": body}), stack(stage="standby", account=ALSO_OURS)]
    return [finding.message for finding in check(app)]


def root(account: str) -> Body:
    return {"AWS": f"arn:aws:iam::{account}:root"}


def policy(property_: str, **whom: object) -> Body:
    document = {"Statement": [{**ALLOW, **whom}]}
    return resource("AWS::Some::Resource", **{property_: document})


@pytest.mark.parametrize(
    "property_", ["PolicyDocument", "KeyPolicy", "ResourcePolicy", "AssumeRolePolicyDocument"]
)
def test_an_account_that_is_none_of_ours_is_found_in_any_policy(property_: str) -> None:
    [message] = reported(policy(property_, Principal=root(FOREIGN)))

    assert message.startswith(f"names the account {FOREIGN}, which is not the app's")


@pytest.mark.parametrize(
    "principal",
    [
        {"AWS": FOREIGN},
        {"AWS": ["arn:aws:iam::111111111111:root", f"arn:aws:iam::{FOREIGN}:role/one"]},
        {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":iam::{FOREIGN}:root"]]}},
        {"AWS": {"Fn::Join": ["", ["arn:aws:iam::99998888", "7777:root"]]}},
        {"AWS": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::{FOREIGN}:root"}},
        {"Federated": f"arn:aws:iam::{FOREIGN}:saml-provider/one"},
    ],
)
def test_it_is_found_in_any_spelling(principal: Body) -> None:
    assert len(reported(policy("PolicyDocument", Principal=principal))) == 1


@pytest.mark.parametrize(
    "limit",
    [
        {"StringEquals": {"aws:SourceAccount": [OURS, FOREIGN]}},
        {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:us-east-1:{FOREIGN}:topic"}},
    ],
)
def test_a_service_that_acts_for_somebody_else_is_found(limit: Body) -> None:
    service = {"Service": "sns.amazonaws.com"}

    assert len(reported(policy("PolicyDocument", Principal=service, Condition=limit))) == 1


@pytest.mark.parametrize(
    ("type_", "name", "value"),
    [
        ("Lambda::Permission", "Principal", FOREIGN),
        ("Lambda::Permission", "Principal", f"arn:aws:iam::{FOREIGN}:role/one"),
        ("Lambda::Permission", "SourceAccount", FOREIGN),
        ("Lambda::Permission", "SourceArn", f"arn:aws:events:us-east-1:{FOREIGN}:rule/one"),
        ("Lambda::LayerVersionPermission", "Principal", FOREIGN),
        ("Events::EventBusPolicy", "Principal", FOREIGN),
        ("Events::EventBusPolicy", "Statement", {**ALLOW, "Principal": root(FOREIGN)}),
    ],
)
def test_a_permission_for_somebody_else_is_found(type_: str, name: str, value: object) -> None:
    assert len(reported(resource(f"AWS::{type_}", **{name: value}))) == 1


def test_each_account_the_app_is_deployed_to_may_be_let_in() -> None:
    for account in (OURS, ALSO_OURS):
        assert reported(policy("PolicyDocument", Principal=root(account))) == []
        assert reported(resource("AWS::Lambda::Permission", SourceAccount=account)) == []


def test_a_denial_and_a_number_within_a_name_are_no_matter() -> None:
    connection = "arn:aws:codeconnections:us-east-1:111111111111:connection/0-0-0-000000000000"

    assert reported(policy("PolicyDocument", Effect="Deny", Principal=root(FOREIGN))) == []
    assert (
        reported(policy("PolicyDocument", Condition={"ArnLike": {"aws:SourceArn": connection}}))
        == []
    )


@pytest.mark.parametrize(
    ("type_", "name", "value"),
    [
        ("Lambda::Function", "Layers", [f"arn:aws:lambda:us-east-1:{FOREIGN}:layer:one:1"]),
        ("Lambda::Function", "Code", {"ImageUri": f"{FOREIGN}.dkr.ecr.us-east-1.amazonaws.com/a"}),
        ("Events::Rule", "Targets", [{"Arn": f"arn:aws:events:us-east-1:{FOREIGN}:event-bus/b"}]),
        ("Logs::SubscriptionFilter", "DestinationArn", f"arn:aws:logs:eu-west-1:{FOREIGN}:d"),
        ("S3::MultiRegionAccessPoint", "Regions", [{"Bucket": "b", "BucketAccountId": FOREIGN}]),
        ("S3::Bucket", "ReplicationConfiguration", {"Account": 999988887777}),
        ("S3::Bucket", "InventoryConfigurations", [{"BucketArn": "arn:aws:s3:::theirs"}]),
        ("CodeBuild::Project", "Environment", {"Value": "s3://theirs/reports"}),
        ("SNS::Subscription", "Endpoint", "https://theirs.example/hook"),
        ("Events::ApiDestination", "InvocationEndpoint", {"Fn::Sub": "http://theirs.example/"}),
        (
            "Scheduler::Schedule",
            "Target",
            {"Arn": f"arn:aws:lambda:us-east-1:{FOREIGN}:function:f"},
        ),
    ],
)
def test_what_would_get_data_or_control_outside_a_policy_is_found(
    type_: str, name: str, value: object
) -> None:
    assert len(reported(resource(f"AWS::{type_}", **{name: value}))) == 1


@pytest.mark.parametrize("theirs", ["theirs", "serverless-data-too", "serverless-data-prod*"])
def test_a_right_on_a_bucket_of_somebody_else_is_found_whatever_it_is_called(theirs: str) -> None:
    def said(*buckets: str) -> list[str]:
        arns = [f"arn:aws:s3:::{each}/*" for each in buckets]
        data = resource("AWS::S3::Bucket", BucketName="serverless-data-prod")
        rights = policy("PolicyDocument", Resource=arns)
        return [each.rule for each in check([stack({"Data": data, "Rights": rights})])]

    assert len(said("serverless-data-prod", theirs)) == 1
    assert said("serverless-data-prod") == []


def test_the_same_account_in_another_statement_is_another_finding() -> None:
    reading = {**ALLOW, "Principal": root(FOREIGN)}
    document = {"Statement": [reading, {**reading, "Action": "s3:PutObject"}]}

    found = check([stack({"It": resource("AWS::S3::BucketPolicy", PolicyDocument=document)})])

    assert len({finding.rule for finding in found}) == 2
