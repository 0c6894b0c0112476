import pytest

from policies.rules.encrypted_at_rest import check
from tests.policy.templates import Body, resource, stack

SSE_S3 = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
ENCRYPTED = {
    "bucket": resource(
        "AWS::S3::Bucket", BucketEncryption={"ServerSideEncryptionConfiguration": [SSE_S3]}
    ),
    "queue": resource("AWS::SQS::Queue", SqsManagedSseEnabled=True),
    "topic": resource("AWS::SNS::Topic", KmsMasterKeyId={"Ref": "Key"}),
    "table": resource("AWS::DynamoDB::GlobalTable", SSESpecification={"SSEEnabled": True}),
    "key": resource("AWS::KMS::Key", EnableKeyRotation=True),
    "pipeline": resource(
        "AWS::CodePipeline::Pipeline",
        ArtifactStores=[{"ArtifactStore": {"Location": "b", "EncryptionKey": {"Id": "k"}}}],
    ),
    "pipeline of one region": resource(
        "AWS::CodePipeline::Pipeline",
        ArtifactStore={"Location": "b", "EncryptionKey": {"Id": "k"}},
    ),
    "table of one region": resource("AWS::DynamoDB::Table", SSESpecification={"SSEEnabled": True}),
    "build": resource("AWS::CodeBuild::Project", EncryptionKey={"Ref": "Key"}),
    "archive": resource("AWS::Events::Archive", KmsKeyIdentifier={"Ref": "Key"}),
}
PLAIN = {
    "bucket": resource("AWS::S3::Bucket"),
    "queue": resource("AWS::SQS::Queue", SqsManagedSseEnabled=False),
    "topic": resource("AWS::SNS::Topic"),
    "table": resource("AWS::DynamoDB::GlobalTable", SSESpecification={"SSEEnabled": False}),
    "key": resource("AWS::KMS::Key", EnableKeyRotation=False),
    "pipeline": resource(
        "AWS::CodePipeline::Pipeline", ArtifactStores=[{"ArtifactStore": {"Location": "b"}}]
    ),
    "half a pipeline": resource(
        "AWS::CodePipeline::Pipeline",
        ArtifactStores=[
            {"ArtifactStore": {"Location": "b", "EncryptionKey": {"Id": "k"}}},
            {"ArtifactStore": {"Location": "c"}},
        ],
    ),
    "pipeline of one region": resource(
        "AWS::CodePipeline::Pipeline", ArtifactStore={"Location": "b"}
    ),
    "pipeline without a store": resource("AWS::CodePipeline::Pipeline"),
    "table of one region": resource("AWS::DynamoDB::Table"),
    "build": resource("AWS::CodeBuild::Project"),
    "archive": resource("AWS::Events::Archive"),
}


@pytest.mark.parametrize("store", PLAIN.values(), ids=PLAIN)
def test_a_store_that_does_not_encrypt_is_found(store: Body) -> None:
    [finding] = check([stack({"Store": store})])

    assert finding.path == "pipeline/primary/tap/Store"


@pytest.mark.parametrize("store", ENCRYPTED.values(), ids=ENCRYPTED)
def test_a_store_that_encrypts_passes(store: Body) -> None:
    assert not list(check([stack({"Store": store})]))


def test_a_key_is_told_to_rotate_and_a_store_to_encrypt() -> None:
    findings = check([stack({"Key": PLAIN["key"], "Queue": PLAIN["queue"]})])

    assert [finding.message for finding in findings] == [
        "AWS::KMS::Key does not rotate",
        "AWS::SQS::Queue does not encrypt its data",
    ]
