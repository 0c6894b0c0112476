"""How the table's changes reach the stream consumer: each in one region, none lost silently."""

import json

import pytest

from tests.infra.stack import Resource, Stack

# Of the region's own changes, and of its peer's during a takeover.
OWN, TAKEOVER = "Function(serverless-stream-consumer-prod)", "Alias(takeover):takeover"


@pytest.fixture(params=[OWN, TAKEOVER])
def mapping(request: pytest.FixtureRequest, stack: Stack) -> Resource:
    return stack.one("AWS::Lambda::EventSourceMapping", request.param)


def test_the_consumer_is_the_only_reader_and_its_second_mapping_is_disabled(stack: Stack) -> None:
    mappings = stack.all("AWS::Lambda::EventSourceMapping")

    assert [(each.name, each.properties["Enabled"]) for each in mappings] == [
        (OWN, True),
        (TAKEOVER, False),
    ]


def test_a_takeover_runs_the_same_code_as_the_consumer_always_does(stack: Stack) -> None:
    alias = stack.one("AWS::Lambda::Alias")

    assert alias.properties == {
        "Name": "takeover",
        "FunctionName": OWN,
        "FunctionVersion": "$LATEST",
    }


def test_it_reads_the_stream_of_its_own_regions_replica(stack: Stack, mapping: Resource) -> None:
    stream = {
        "us-east-1": "GlobalTable(serverless-processed-data-prod).StreamArn",
        "us-west-2": "TableStreamArn().Table.LatestStreamArn",
    }[stack.region]

    assert mapping.properties["EventSourceArn"] == stream


@pytest.mark.parametrize("name", [OWN, TAKEOVER])
def test_a_change_is_consumed_only_where_it_was_first_written_or_during_a_takeover_by_the_peer(
    stack: Stack, name: str
) -> None:
    mapping = stack.one("AWS::Lambda::EventSourceMapping", name)
    filters = mapping.properties["FilterCriteria"]["Filters"]

    patterns = [json.loads(each["Pattern"]) for each in filters]

    origin = {"originRegion": {"S": [stack.region if name == OWN else stack.peer_region]}}
    assert patterns == [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": origin}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": origin}},
    ]


def test_a_batch_is_at_most_a_hundred_changes(mapping: Resource) -> None:
    assert mapping.properties["BatchSize"] == 100


def test_the_primary_begins_with_the_oldest_change_and_the_standby_with_the_newest(
    stack: Stack,
) -> None:
    mapping = stack.one("AWS::Lambda::EventSourceMapping", OWN)

    begins = {"us-east-1": "TRIM_HORIZON", "us-west-2": "LATEST"}[stack.region]
    assert mapping.properties["StartingPosition"] == begins


def test_a_takeover_reaches_back_to_the_oldest_change(stack: Stack) -> None:
    mapping = stack.one("AWS::Lambda::EventSourceMapping", TAKEOVER)

    assert mapping.properties["StartingPosition"] == "TRIM_HORIZON"


def test_a_failure_is_reported_by_change_and_isolated_by_bisecting(mapping: Resource) -> None:
    assert mapping.properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping.properties["BisectBatchOnFunctionError"] is True


def test_a_change_that_keeps_failing_blocks_its_shard_for_a_bounded_time(mapping: Resource) -> None:
    assert mapping.properties["MaximumRetryAttempts"] == 10
    assert mapping.properties["MaximumRecordAgeInSeconds"] == 6 * 60 * 60


def test_a_batch_that_fails_every_retry_is_kept(mapping: Resource) -> None:
    assert mapping.properties["DestinationConfig"] == {
        "OnFailure": {"Destination": "Queue(serverless-stream-consumer-failures-prod).Arn"}
    }
