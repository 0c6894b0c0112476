"""Records and producers' files never expire; only logs and artifacts do."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates import expiry
from policies.templates.template import Resource, StackTemplate, refers_to

REMEDY = "remove the time to live, or the expiration in the lifecycle rule"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for store in stack.resources(*expiry.TABLES, expiry.BUCKET):
            if store.type in expiry.TABLES or (stack.stage_path and not _takes_logs(store)):
                for words in expiry.expiries(store):
                    yield at(store, f"data is deleted because of its age: {words}", exact=words)


def _takes_logs(bucket: Resource) -> bool:
    others = bucket.stack.resources(expiry.BUCKET)
    return any(
        refers_to(other.properties.get("LoggingConfiguration"), bucket.logical_id)
        for other in others
        if other.logical_id != bucket.logical_id
    )
