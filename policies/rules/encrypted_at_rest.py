"""Every store encrypts its data, and every key is rotated."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from policies.finding import Finding, at
from policies.templates.template import StackTemplate, resources

REMEDY = "switch encryption or rotation on in the template; do not rely on the service's default"

Properties = Mapping[str, Any]


def _bucket(properties: Properties) -> bool:
    rules = properties.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
    return any("ServerSideEncryptionByDefault" in rule for rule in rules)


def _queue(properties: Properties) -> bool:
    return properties.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in properties


def _table(properties: Properties) -> bool:
    return properties.get("SSESpecification", {}).get("SSEEnabled") is True


def _pipeline(properties: Properties) -> bool:
    stores = [entry["ArtifactStore"] for entry in properties.get("ArtifactStores", [])]
    stores += [properties["ArtifactStore"]] if "ArtifactStore" in properties else []
    return bool(stores) and all("EncryptionKey" in store for store in stores)


def _has(name: str) -> Callable[[Properties], bool]:
    return lambda properties: name in properties


# The packs check types that this project does not use.
ENCRYPTED: Mapping[str, Callable[[Properties], bool]] = {
    "AWS::S3::Bucket": _bucket,
    "AWS::SQS::Queue": _queue,
    "AWS::SNS::Topic": _has("KmsMasterKeyId"),
    "AWS::DynamoDB::Table": _table,
    "AWS::DynamoDB::GlobalTable": _table,
    "AWS::KMS::Key": lambda properties: properties.get("EnableKeyRotation") is True,
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::CodeBuild::Project": _has("EncryptionKey"),
    "AWS::Events::Archive": _has("KmsKeyIdentifier"),
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks, *ENCRYPTED):
        if not ENCRYPTED[resource.type](resource.properties):
            missing = "rotate" if resource.type == "AWS::KMS::Key" else "encrypt its data"
            yield at(resource, f"{resource.type} does not {missing}")
