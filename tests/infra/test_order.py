"""In which order a region comes to be: what cannot be undone when little can fail any more."""

from pathlib import Path

import pytest
from aws_cdk.cx_api import CloudAssembly

import naming
from policies.rules.created_last import ancestors
from policies.templates import assembly as assemblies
from policies.templates.template import StackTemplate

# All that reads the stream needs its ARN, which DynamoDB makes up. The schedule comes last of all.
AFTER_THE_TABLE = {
    "tap/StreamConsumer/Reading",
    "tap/StreamConsumer/Changes",
    "tap/StreamConsumer/Takeover",
    "tap/Watch/stream-consumer-lost-changes",
    "tap/Watch/stream-consumer-stalled",
    "tap/Canary/Schedule",
}


@pytest.fixture(params=[*naming.REGIONS, naming.PIPELINE])
def template(request: pytest.FixtureRequest, assembly: CloudAssembly) -> StackTemplate:
    """A region's stack, or the pipeline's."""
    stacks = assemblies.read(Path(assembly.directory)).stacks
    return next(
        each for each in stacks if request.param in (each.name, each.region if each.stage else "")
    )


def only(template: StackTemplate, *types: str) -> str:
    [found] = template.resources(*types)
    return found.logical_id


@pytest.mark.parametrize("template", naming.REGIONS, indirect=True)
def test_nothing_but_what_reads_the_stream_and_the_schedule_comes_after_the_table(
    template: StackTemplate,
) -> None:
    table = only(template, "AWS::DynamoDB::GlobalTable", "Custom::TableStreamArn")
    before = ancestors(template)

    others = [
        each for each in template.resources() if each.logical_id not in {*before[table], table}
    ]

    assert {each.local for each in others} == AFTER_THE_TABLE
    assert all(table in before[each.logical_id] for each in others)


def test_what_puts_the_first_file_is_created_last_of_all(template: StackTemplate) -> None:
    last = only(template, "AWS::Scheduler::Schedule", "AWS::CodePipeline::Pipeline")

    assert ancestors(template)[last] == {each.logical_id for each in template.resources()} - {last}


@pytest.mark.parametrize("template", naming.REGIONS, indirect=True)
def test_a_mapping_may_read_the_stream_before_it_is_created(template: StackTemplate) -> None:
    before = ancestors(template)
    [reading] = [
        each.logical_id
        for each in template.resources("AWS::IAM::Policy")
        if each.local == "tap/StreamConsumer/Reading"
    ]

    mappings = [each.logical_id for each in template.resources("AWS::Lambda::EventSourceMapping")]

    assert len(mappings) == 2
    assert all(reading in before[each] for each in mappings)
