"""How the table's changes reach the stream consumer: each in one region, none lost silently."""

import json

import pytest

from tests.infra.stack import Resource, Stack


@pytest.fixture
def mapping(stack: Stack) -> Resource:
    return stack.one("AWS::Lambda::EventSourceMapping", "Function(serverless-stream-consumer-prod)")


def test_the_consumer_is_the_only_reader(stack: Stack, mapping: Resource) -> None:
    assert stack.all("AWS::Lambda::EventSourceMapping") == [mapping]


def test_it_reads_the_stream_of_its_own_regions_replica(stack: Stack, mapping: Resource) -> None:
    stream = {
        "us-east-1": "GlobalTable(serverless-processed-data-prod).StreamArn",
        "us-west-2": "TableStreamArn().Table.LatestStreamArn",
    }[stack.region]

    assert mapping.properties["EventSourceArn"] == stream


def test_a_change_is_consumed_only_where_it_was_first_written(
    stack: Stack, mapping: Resource
) -> None:
    filters = mapping.properties["FilterCriteria"]["Filters"]

    patterns = [json.loads(each["Pattern"]) for each in filters]

    origin = {"originRegion": {"S": [stack.region]}}
    assert patterns == [
        {"eventName": ["INSERT", "MODIFY"], "dynamodb": {"NewImage": origin}},
        {"eventName": ["REMOVE"], "dynamodb": {"OldImage": origin}},
    ]


def test_a_batch_is_at_most_a_hundred_changes(mapping: Resource) -> None:
    assert mapping.properties["BatchSize"] == 100


def test_reading_begins_with_the_oldest_change(mapping: Resource) -> None:
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
