"""A table in two accounts changes a setting that DynamoDB copies between the accounts.

CloudFormation can set it when the table is made and not change it afterwards: the CDK's
documentation says so of every setting that is synchronized (docs/decisions/0012).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.changes.update import Action, Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_list

REMEDY = (
    "leave the template as it is and change the setting of the primary's table by hand, from "
    "where DynamoDB copies it (docs/decisions/0012-one-account-or-two.md says with what)"
)
TABLE = "AWS::DynamoDB::GlobalTable"
SYNCHRONIZED = (
    *("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"),
    *("StreamSpecification", "TimeToLiveSpecification", "WarmThroughput"),
    *("WriteOnDemandThroughputSettings", "WriteProvisionedThroughputSettings"),
)
SYNCHRONIZED_BY_REPLICA = (
    *("GlobalSecondaryIndexes", "ReadOnDemandThroughputSettings"),
    "ReadProvisionedThroughputSettings",
)


def check(update: Update) -> Iterator[Finding]:
    before = {table.logical_id: table for table in update.before.resources(TABLE)}
    for change in update.changes:
        old = before.get(change.resource.logical_id)
        if old and change.action == Action.MODIFIED and _is_in_two_accounts(old):
            was, now = _settings(old), _settings(change.resource)
            differing = sorted(name for name in was if was[name] != now[name])
            if differing:
                yield at(
                    change.resource,
                    "the other account's table has this setting as well, so CloudFormation can't "
                    f"change it: {', '.join(differing)}",
                    exact=",".join(differing),
                )


def _is_in_two_accounts(table: Resource) -> bool:
    replicas = as_list(table.properties.get("Replicas"))
    return any("GlobalTableSettingsReplicationMode" in each for each in replicas)


def _settings(table: Resource) -> Mapping[str, Any]:
    own = {name: table.properties.get(name) for name in SYNCHRONIZED}
    replicas = as_list(table.properties.get("Replicas"))
    return own | {
        f"Replicas.{name}": [each.get(name) for each in replicas]
        for name in SYNCHRONIZED_BY_REPLICA
    }
