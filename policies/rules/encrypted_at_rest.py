"""Every store encrypts its data, and every key is rotated."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from policies.finding import Finding, at
from policies.templates.template import StackTemplate, as_text, resources

REMEDY = "switch encryption or rotation on in the template; do not rely on the service's default"
TABLES, KEY = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"), "AWS::KMS::Key"
BY_DEFAULT = "ServerSideEncryptionByDefault"


def _pipeline(properties: Mapping[str, Any]) -> bool:
    given = (properties, *properties.get("ArtifactStores", ()))
    stores = [each["ArtifactStore"] for each in given if "ArtifactStore" in each]
    return bool(stores) and all("EncryptionKey" in store for store in stores)


# The packs check types that this project does not use.
ENCRYPTED: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "AWS::S3::Bucket": lambda of: BY_DEFAULT in as_text(of.get("BucketEncryption", "")),
    "AWS::SQS::Queue": lambda of: of.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in of,
    "AWS::SNS::Topic": lambda of: "KmsMasterKeyId" in of,
    **dict.fromkeys(TABLES, lambda of: of.get("SSESpecification", {}).get("SSEEnabled") is True),
    KEY: lambda of: of.get("EnableKeyRotation") is True,
    "AWS::CodePipeline::Pipeline": _pipeline,
    "AWS::CodeBuild::Project": lambda of: "EncryptionKey" in of,
    "AWS::Events::Archive": lambda of: "KmsKeyIdentifier" in of,
}


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks, *ENCRYPTED):
        if not ENCRYPTED[resource.type](resource.properties):
            missing = "rotate" if resource.type == KEY else "encrypt its data"
            yield at(resource, f"{resource.type} does not {missing}")
