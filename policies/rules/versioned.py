"""Every bucket keeps the versions of overwritten and deleted objects."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import StackTemplate

REMEDY = "switch the bucket's versioning on (versioned=True)"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for bucket in stack.resources("AWS::S3::Bucket"):
            status = bucket.properties.get("VersioningConfiguration", {}).get("Status")
            if status != "Enabled":
                yield at(bucket, "overwritten and deleted objects are lost")
