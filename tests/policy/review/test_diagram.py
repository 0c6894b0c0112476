from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from policies.templates import assembly
from policies.templates.template import StackTemplate
from review import diagram, drawing
from tests.policy.templates import resource, stack


@pytest.fixture
def stacks(green: Path) -> tuple[StackTemplate, ...]:
    return assembly.read(green).stacks


def edges(stacks: tuple[StackTemplate, ...], region: str) -> set[tuple[str, str, str]]:
    drawn = diagram.draw(stacks)
    names = {node.id: node.label for node in drawn.nodes}
    lanes = {node.id: node.lane for node in drawn.nodes}
    return {
        (names[edge.source], edge.label, names[edge.target])
        for edge in drawn.edges
        if lanes[edge.source] == region
    }


@pytest.mark.parametrize(("region", "dr"), [("us-east-1", ""), ("us-west-2", "-dr")])
def test_the_way_of_a_record_is_drawn_from_the_templates(
    stacks: tuple[StackTemplate, ...], region: str, dr: str
) -> None:
    processor, consumer = "serverless-data-processor-prod", "serverless-stream-consumer-prod"

    assert {
        (f"serverless-data-ingestion{dr}-prod", "files", processor),
        (processor, "records", "serverless-processed-data-prod"),
        (processor, "failed events", "serverless-data-processor-dlq-prod"),
        ("serverless-processed-data-prod", "stream", consumer),
        (consumer, "events", "serverless-data-events-prod"),
        (consumer, "failed events", "serverless-stream-consumer-failures-prod"),
    } <= edges(stacks, region)


def test_the_replicas_and_the_stages_of_the_pipeline_are_drawn(
    stacks: tuple[StackTemplate, ...],
) -> None:
    drawn = diagram.draw(stacks)

    assert [edge.label for edge in drawn.edges if edge.both_ways] == ["replicates"]
    steps = ("primary", "supersede", "approval", "standby")
    assert {(one, "", other) for one, other in pairwise(steps)} <= edges(stacks, "pipeline")


def test_what_is_removed_from_the_templates_is_gone_from_the_drawing(
    stacks: tuple[StackTemplate, ...],
) -> None:
    fewer = tuple(_without(each, "AWS::Events::EventBus") for each in stacks)

    assert "data-events" in drawing.svg(diagram.draw(stacks))
    assert "data-events" not in drawing.svg(diagram.draw(fewer))
    assert "data-events" not in drawing.mermaid(diagram.draw(fewer))


def test_the_drawing_is_one_well_formed_image_whatever_the_names_are() -> None:
    hostile = '<b>"&'
    queue = resource("AWS::SQS::Queue", QueueName=hostile)
    dead = {"DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Q", "Arn"]}}}
    function = resource("AWS::Lambda::Function", FunctionName="f", **dead)

    image = ET.fromstring(drawing.svg(diagram.draw([stack({"Q": queue, "F": function})])))

    assert hostile in [title.text for title in image.iter("{http://www.w3.org/2000/svg}title")]


def _without(each: StackTemplate, type_: str) -> StackTemplate:
    kept = {id_: body for id_, body in each.template["Resources"].items() if body["Type"] != type_}
    return replace(each, template={**each.template, "Resources": kept})
