"""Nothing is open to everybody: no bucket, no function, no policy of a resource, no role."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policies import principals, statements
from policies.finding import Breach, breach
from policies.template import Resource, StackTemplate

REMEDY = (
    "name who may, or bind the statement to an account, an ARN or an organization by a condition; "
    "let buckets block all public access and function URLs ask for AWS_IAM"
)
BUCKET, URL = "AWS::S3::Bucket", "AWS::Lambda::Url"
PERMISSIONS: Mapping[str, str] = {
    "AWS::Lambda::Permission": "invoke the function",
    "AWS::Lambda::LayerVersionPermission": "use the layer",
    "AWS::Events::EventBusPolicy": "put events on the bus",
}
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for resource in stack.resources(BUCKET, URL, *PERMISSIONS):
            yield from (breach(resource, opening) for opening in _openings(resource))
    for statement in statements.all_statements(stacks):
        if statement.allows and principals.anybody(statement.body):
            yield breach(statement.owner, f"allows everybody: {statement}", exact=str(statement))


def _openings(resource: Resource) -> Iterator[str]:
    properties = resource.properties
    if resource.type == BUCKET:
        yield from _of_bucket(properties)
    elif resource.type == URL and properties.get("AuthType") != "AWS_IAM":
        yield "anybody may call the function by its URL"
    elif properties.get("Principal") == "*":
        yield f"anybody may {PERMISSIONS[resource.type]}"


def _of_bucket(properties: Mapping[str, Any]) -> Iterator[str]:
    blocked = properties.get("PublicAccessBlockConfiguration", {})
    if missing := [name for name in BLOCKS if blocked.get(name) is not True]:
        yield f"the bucket can be made public: not {', '.join(missing)}"
