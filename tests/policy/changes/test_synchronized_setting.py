from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from policies.changes.kinds import KINDS
from policies.changes.update import Update, update
from policies.templates import assembly
from policies.templates.template import StackTemplate
from tests import deployer
from tests.policy.changes.updates import SPEC, TABLE, reported
from tests.policy.conftest import Synthesize
from tests.policy.templates import Body, resource

KIND = "synchronized-setting"
SHARED = {"Region": "us-east-1", "GlobalTableSettingsReplicationMode": "ENABLED"}
INDEX = {"IndexName": "i", "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}]}


def table(replica: Body = SHARED, /, **properties: Any) -> Body:  # noqa: ANN401  # JSON
    return resource(TABLE, Replicas=[replica], BillingMode="PAY_PER_REQUEST", **properties)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GlobalSecondaryIndexes", [INDEX]),
        ("TimeToLiveSpecification", {"Enabled": True, "AttributeName": "expiresAt"}),
        ("WarmThroughput", {"WriteUnitsPerSecond": 8000}),
        ("WriteOnDemandThroughputSettings", {"MaxWriteRequestUnits": 10}),
        ("StreamSpecification", {"StreamViewType": "NEW_IMAGE"}),
    ],
)
def test_a_setting_that_both_accounts_have_cannot_change(name: str, value: object) -> None:
    changed = table(**{name: value})

    assert reported(KIND, {"T": table()}, {"T": changed}) == [f"T: {name}"]
    assert reported(KIND, {"T": changed}, {"T": table()}) == [f"T: {name}"]


def test_the_capacity_of_a_replica_is_such_a_setting_too() -> None:
    read = {**SHARED, "ReadOnDemandThroughputSettings": {"MaxReadRequestUnits": 10}}

    found = reported(KIND, {"T": table()}, {"T": table(read)})

    assert found == ["T: Replicas.ReadOnDemandThroughputSettings"]


def test_each_account_may_change_what_is_its_own() -> None:
    protected = {**SHARED, "DeletionProtectionEnabled": True}

    assert reported(KIND, {"T": table()}, {"T": table(protected)}) == []


def test_a_table_of_one_account_or_a_new_one_may_have_any_setting() -> None:
    ttl = {"Enabled": True, "AttributeName": "expiresAt"}
    alone = {"Region": "us-east-1"}

    after = {"T": table(alone, TimeToLiveSpecification=ttl)}
    assert reported(KIND, {"T": table(alone)}, after) == []
    assert reported(KIND, {}, {"T": table(TimeToLiveSpecification=ttl)}) == []


def test_the_tables_of_two_accounts_are_recognised(synthesize: Synthesize) -> None:
    own = {**deployer.OWN, "standbyAccount": deployer.OWN_STANDBY_ACCOUNT}
    stacks = assembly.read(synthesize(**own)).stacks

    found = [each for stack in stacks for each in KINDS[KIND](_let_rows_expire(stack))]

    assert [each.rule for each in found] == ["[TimeToLiveSpecification]"] * 2
    assert {each.region for each in found} == {"us-east-1", "us-west-2"}


def _let_rows_expire(stack: StackTemplate) -> Update:
    template = deepcopy(dict(stack.template))
    for each in template["Resources"].values():
        if each["Type"] == TABLE:
            each["Properties"]["TimeToLiveSpecification"] = {"Enabled": True}
    return update(stack, replace(stack, template=template), SPEC)
