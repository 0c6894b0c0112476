"""A construct sets exactly the variables its runtime reads."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import pytest

from services.canary.runtime.settings import Settings as CanarySettings
from services.processor.runtime.keys import StatusIndex
from services.processor.runtime.settings import Settings as ProcessorSettings
from services.stream_consumer.runtime.settings import Settings as ConsumerSettings
from tests.infra.conftest import Stacks
from tests.infra.stack import Stack

# Lambda sets it and reserves it.
SET_BY_LAMBDA = {"AWS_REGION"}
SETTINGS: Mapping[str, type[Any]] = {
    "serverless-data-processor-prod": ProcessorSettings,
    "serverless-large-file-worker-prod": ProcessorSettings,
    "serverless-stream-consumer-prod": ConsumerSettings,
    "serverless-canary-prod": CanarySettings,
}
# What the worker stores counts as processed.
NAMED_AS = {"serverless-large-file-worker-prod": "serverless-data-processor-prod"}


def environment(stack: Stack, function_name: str) -> dict[str, str]:
    function = stack.one("AWS::Lambda::Function", function_name)
    variables: dict[str, str] = function.properties["Environment"]["Variables"]
    return variables


@pytest.mark.parametrize("function_name", SETTINGS)
def test_the_environment_is_exactly_what_the_runtime_reads(
    stack: Stack, function_name: str
) -> None:
    names = {field.name.upper() for field in fields(SETTINGS[function_name])}

    variables = environment(stack, function_name)

    first_party = {name for name in variables if not name.startswith("POWERTOOLS_")}
    assert first_party == names - SET_BY_LAMBDA


@pytest.mark.parametrize("function_name", SETTINGS)
def test_logs_and_metrics_name_the_function(stack: Stack, function_name: str) -> None:
    variables = environment(stack, function_name)

    assert variables["POWERTOOLS_SERVICE_NAME"] == NAMED_AS.get(function_name, function_name)
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == "ServerlessDataIngestion"


def test_a_function_uses_its_own_regions_resources(stack: Stack) -> None:
    processor = environment(stack, "serverless-data-processor-prod")
    consumer = environment(stack, "serverless-stream-consumer-prod")

    assert (processor["TABLE_NAME"], processor["REGION"]) == (
        "serverless-processed-data-prod",
        stack.region,
    )
    assert (consumer["EVENT_BUS_NAME"], consumer["REGION"]) == (
        "EventBus(serverless-data-events-prod)",
        stack.region,
    )


def test_the_canary_knows_its_bucket_its_peer_and_how_long_a_sign_of_life_is_fresh(
    stack: Stack, customised: Stacks
) -> None:
    canary = environment(stack, "serverless-canary-prod")
    rare = environment(customised[stack.region], "serverless-canary-prod")

    bucket = "serverless-data-ingestion-prod"
    assert canary["BUCKET_NAME"].replace("-dr-", "-") == bucket
    assert canary["PEER_REGION"] == stack.peer_region
    # One that is put every five minutes, and one that is put every hour.
    assert (canary["FRESH_FOR_S"], rare["FRESH_FOR_S"]) == ("660", "7260")


def test_function_and_operators_know_in_both_regions_what_the_status_index_has(
    stacks: Stacks, customised: Stacks
) -> None:
    for each, setting in ((stacks, "all"), (customised, "exceptions")):
        for stack in each.values():
            variables = environment(stack, "serverless-data-processor-prod")
            assert variables["STATUS_INDEX"] == stack.outputs["StatusIndex"] == setting
            assert StatusIndex(setting)
