"""Nothing is open to everybody: no bucket, no function, no policy of a resource."""

from collections.abc import Iterator, Sequence

from policies import statements
from policies.finding import Breach, breach
from policies.template import StackTemplate

REMEDY = "name who may, or limit the statement by a condition; let buckets block all public access"
BUCKET, PERMISSION = "AWS::S3::Bucket", "AWS::Lambda::Permission"
BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
ANYONE = ("*", {"AWS": "*"})


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for bucket in stack.resources(BUCKET):
            blocked = bucket.properties.get("PublicAccessBlockConfiguration", {})
            if missing := [name for name in BLOCKS if blocked.get(name) is not True]:
                yield breach(bucket, f"the bucket can be made public: not {', '.join(missing)}")
        for permission in stack.resources(PERMISSION):
            if permission.properties.get("Principal") == "*":
                yield breach(permission, "anybody may invoke the function")
    for statement in statements.all_statements(stacks):
        everybody = statement.body.get("Principal") in ANYONE
        if statement.allows and everybody and not statement.body.get("Condition"):
            yield breach(statement.owner, f"allows everybody: {statement}", exact=str(statement))
