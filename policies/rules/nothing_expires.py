"""Records and producers' files never expire; only logs and artifacts do, after a month at least."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policies.finding import Finding, at, each_at
from policies.templates.template import Resource, StackTemplate, as_list, as_text, refers_to

REMEDY = "remove the time to live, or the expiration in the lifecycle rule; logs may go in a month"
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
BUCKET = "AWS::S3::Bucket"
SHORTEST_DAYS = 30


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for store in stack.resources(*TABLES, BUCKET):
            rules = as_list(store.properties.get("LifecycleConfiguration", {}).get("Rules"))
            if store.type in TABLES or (stack.stage_path and not _takes_logs(store)):
                said = _expiries(store, rules)
                yield from each_at(store, said, "data is deleted because of its age: {}")
                continue
            days = [int(each["ExpirationInDays"]) for each in rules if "ExpirationInDays" in each]
            if min(days, default=SHORTEST_DAYS) < SHORTEST_DAYS:
                yield at(store, f"a rollback or an inquiry finds nothing after {min(days)} days")


def _takes_logs(bucket: Resource) -> bool:
    return any(
        refers_to(other.properties.get("LoggingConfiguration"), bucket.logical_id)
        for other in bucket.stack.resources(BUCKET)
        if other.logical_id != bucket.logical_id
    )


def _expiries(store: Resource, rules: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    ttl = store.properties.get("TimeToLiveSpecification", {})
    if ttl and ttl.get("Enabled") not in (False, "false"):
        yield f"items expire by {as_text(ttl.get('AttributeName'))}"
    for rule in (each for each in rules if each.get("Status") != "Disabled"):
        prefix = as_text(rule.get("Prefix") or "")
        where = "below" if prefix.endswith("/") else "of all that begins with"
        below = f" {where} {prefix}" if prefix else ""
        for key in rule:
            if "Expiration" in key:
                yield f"{key} is {as_text(rule[key])}{below}"
