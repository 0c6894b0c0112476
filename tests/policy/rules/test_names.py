import pytest

from policies.rules.names import check
from tests.policy.templates import resource, stack


@pytest.mark.parametrize(
    ("type_", "property_", "name"),
    [
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-prod"),
        ("AWS::S3::Bucket", "BucketName", "serverless-data-ingestion-dr-prod-acme"),
        ("AWS::IAM::Role", "RoleName", "serverless-data-processor-us-west-2-prod"),
        ("AWS::Logs::LogGroup", "LogGroupName", "/aws/lambda/serverless-stream-consumer-prod"),
        ("AWS::KMS::Alias", "AliasName", "alias/serverless-alerts-prod"),
    ],
)
def test_a_name_of_the_pattern_passes(type_: str, property_: str, name: str) -> None:
    assert not list(check([stack({"It": resource(type_, **{property_: name})})]))


@pytest.mark.parametrize(
    ("type_", "property_", "name"),
    [
        ("AWS::SQS::Queue", "QueueName", "data-processor-dlq"),
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-staging"),
        ("AWS::SQS::Queue", "QueueName", "serverless-data-processor-dlq-prod-acme"),
        ("AWS::S3::Bucket", "BucketName", "serverless--ingestion-prod"),
        ("AWS::IAM::Role", "RoleName", "MyRole"),
    ],
)
def test_a_name_of_another_form_is_found(type_: str, property_: str, name: str) -> None:
    [finding] = check([stack({"It": resource(type_, **{property_: name})})])

    assert repr(name) in finding.message


def test_a_generated_name_is_found_where_people_look_the_resource_up() -> None:
    findings = list(check([stack({"F": resource("AWS::Lambda::Function")})]))

    assert [found.message for found in findings] == [
        "FunctionName is missing, and a generated name cannot be looked up"
    ]


def test_a_role_that_nobody_looks_up_needs_no_name() -> None:
    assert not list(check([stack({"Role": resource("AWS::IAM::Role")})]))


def test_a_stack_of_another_name_is_found() -> None:
    [finding] = check([stack(name="TapStack")])

    assert finding.message == "the stack is named 'TapStack'"
