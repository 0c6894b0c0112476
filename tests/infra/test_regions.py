"""The standby is the primary under other names; every other difference is listed here with why."""

import json
from typing import Any, TypeAlias

from tests import deployer
from tests.infra.stack import Resource, Stack

# The table is one resource of the primary region, which makes the standby's replica.
ONLY_PRIMARY = {"GlobalTable(serverless-processed-data-prod)"}
# The standby looks its replica's stream up when it is deployed, with a role and a log for that.
ONLY_STANDBY = {
    "Function(serverless-stream-lookup-prod)",
    "LogGroup(/aws/lambda/serverless-stream-lookup-prod)",
    "Policy(Role(serverless-stream-lookup-HERE-prod))",
    "Role(serverless-stream-lookup-HERE-prod)",
    "TableStreamArn()",
    # One access point over both buckets, which S3 creates there.
    "MultiRegionAccessPoint(serverless-ingestion-prod)",
    "Policy(Role(serverless-verification-HERE-prod), AccessPointRoutes)",
    "MultiRegionAccessPointPolicy(MultiRegionAccessPoint(serverless-ingestion-prod))",
}

Neutral: TypeAlias = dict[str, dict[str, Any]]


def neutral(stack: Stack, table: set[str], stream: str) -> Neutral:
    """Every resource by its name, with the region and its role taken out of all names."""

    def of(text: str) -> str:
        text = text.replace(stream, "STREAM").replace("-dr-prod", "-prod")
        return text.replace(stack.region, "HERE").replace(stack.peer_region, "PEER")

    def body(resource: Resource) -> dict[str, Any]:
        needed = {of(each) for each in resource.depends_on}
        return {
            "type": resource.type,
            "properties": unordered(json.loads(of(json.dumps(resource.properties)))),
            "depends on": sorted(needed - table | ({"TABLE"} if needed & table else set())),
            "retained": resource.retained,
        }

    return {of(str(resource)): body(resource) for resource in stack.resources}


def unordered(node: object) -> object:
    """``node`` with its lists of texts sorted: CDK sorts them by names that differ."""
    if isinstance(node, dict):
        return {key: unordered(value) for key, value in node.items()}
    if isinstance(node, list):
        texts = all(isinstance(each, str) for each in node)
        return sorted(node) if texts else [unordered(each) for each in node]
    return node


def test_the_regions_differ_only_as_listed(primary: Stack, standby: Stack) -> None:
    table_stream = "GlobalTable(serverless-processed-data-prod).StreamArn"
    neutral_primary = neutral(primary, ONLY_PRIMARY, table_stream)
    neutral_standby = neutral(standby, ONLY_STANDBY, "TableStreamArn().Table.LatestStreamArn")

    of_primary = {key: neutral_primary.pop(key, None) for key in ONLY_PRIMARY}
    of_standby = {key: neutral_standby.pop(key, None) for key in ONLY_STANDBY}

    assert None not in [*of_primary.values(), *of_standby.values()]
    starts = [_start(neutral_primary), _start(neutral_standby)]
    assert starts == ["TRIM_HORIZON", "LATEST"]  # decision 47
    assert neutral_primary == neutral_standby


def _start(resources: Neutral) -> object:
    """Take out where the mapping of a region's own changes begins to read."""
    mapping = resources["EventSourceMapping(Function(serverless-stream-consumer-prod))"]
    return mapping["properties"].pop("StartingPosition")


def test_every_resource_can_be_told_apart(stack: Stack) -> None:
    names = [str(resource) for resource in stack.resources]

    assert len(names) == len(set(names))


def test_nothing_is_imported_from_another_stack(stack: Stack) -> None:
    text = json.dumps(stack.document)

    assert "Fn::ImportValue" not in text
    assert "Fn::GetStackOutput" not in text
    assert "ExportsReader" not in text
    assert "ExportsWriter" not in text


def test_region_and_account_are_literal(stack: Stack) -> None:
    text = json.dumps(stack.document)

    assert "AWS::Region" not in text
    assert "AWS::AccountId" not in text
    assert "AWS::Partition" not in text


def test_the_peer_region_is_named_only_where_it_must_be(stack: Stack) -> None:
    naming_it = {
        str(resource)
        for resource in stack.resources
        if stack.peer_region in json.dumps(resource.properties)
    }

    replicas = ONLY_PRIMARY if stack.region == "us-east-1" else set()
    assert naming_it == replicas | {
        "Alarm(serverless-replication-latency-prod)",
        "Function(serverless-canary-prod)",
        f"Policy(Role(serverless-canary-{stack.region}-prod))",
        "Rule(CanaryChanged)",
        f"Dashboard(serverless-data-ingestion-{stack.region}-prod)",
        # Its changes are announced here during a takeover.
        "EventSourceMapping(Alias(takeover):takeover)",
        # With one account, people's roles are for both regions.
        f"Policy(Role(serverless-operator-{stack.region}-prod))",
        f"Policy(Role(serverless-reader-{stack.region}-prod))",
        # A canary record is looked for in both replicas.
        f"Policy(Role(serverless-verification-{stack.region}-prod))",
    }


def test_a_deployers_account_is_used_throughout(customised: dict[str, Stack]) -> None:
    for stack in customised.values():
        assert stack.account == deployer.OWN_ACCOUNT
        assert deployer.ACCOUNT not in json.dumps(stack.document)
