"""Every bucket keeps the versions of overwritten and deleted objects."""

from collections.abc import Iterator, Sequence

from policies.finding import Breach, breach
from policies.template import StackTemplate

REMEDY = "switch the bucket's versioning on (versioned=True)"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for bucket in stack.resources("AWS::S3::Bucket"):
            status = bucket.properties.get("VersioningConfiguration", {}).get("Status")
            if status != "Enabled":
                yield breach(bucket, "overwritten and deleted objects are lost")
