import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policies.changes.resource_spec import Spec
from policies.changes.update import updates
from policies.templates import assembly
from policies.templates.template import StackTemplate
from review import drawing, resources
from tests.policy.review.reports import html, markdown, report

NOTHING = "No template changes"


@pytest.fixture
def stacks(green: Path) -> tuple[StackTemplate, ...]:
    return assembly.read(green).stacks


def drawn(before: tuple[StackTemplate, ...], after: tuple[StackTemplate, ...]) -> Mapping[str, Any]:
    pairs = updates(before, after, Spec.load())
    return drawing.drawn(pairs, resources.rows(pairs))


def boxes(made: Mapping[str, Any], lane: str) -> dict[str, Mapping[str, Any]]:
    """Every box of a lane by its name, in the order in which a reader comes to them."""

    def told(some: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        for box in some:
            yield box
            yield from told(lead["to"] for lead in box["leads"])

    found: dict[str, Mapping[str, Any]] = {}
    for box in told(made["lanes"][lane]):
        found.setdefault(box["name"], box)
    return found


def changed(
    stacks: tuple[StackTemplate, ...], beginning: str, **properties: object
) -> tuple[StackTemplate, ...]:
    return tuple(
        replace(
            each,
            template={
                **each.template,
                "Resources": {
                    id_: {**body, "Properties": {**body["Properties"], **properties}}
                    if id_.startswith(beginning)
                    else body
                    for id_, body in each.template["Resources"].items()
                },
            },
        )
        for each in stacks
    )


def without(stacks: tuple[StackTemplate, ...], type_: str) -> tuple[StackTemplate, ...]:
    kept = (
        {id_: body for id_, body in each.template["Resources"].items() if body["Type"] != type_}
        for each in stacks
    )
    return tuple(
        replace(each, template={**each.template, "Resources": some})
        for each, some in zip(stacks, kept, strict=True)
    )


@pytest.mark.parametrize(("region", "dr"), [("us-east-1", ""), ("us-west-2", "-dr")])
def test_the_way_of_a_record_is_drawn_from_the_templates(
    stacks: tuple[StackTemplate, ...], region: str, dr: str
) -> None:
    made = drawn(stacks, changed(stacks, "ProcessorServiceFunctionF", MemorySize=3008))
    links = {
        (name, lead["says"], lead["to"]["name"])
        for name, box in boxes(made, region).items()
        for lead in box["leads"]
    }

    assert {
        (f"data-ingestion{dr}", "files", "data-processor"),
        ("data-processor", "reads or writes", "processed-data"),
        ("data-processor", "failed events", "data-processor-dlq"),
        ("processed-data", "stream", "stream-consumer"),
        ("stream-consumer", "events", "data-events"),
        ("stream-consumer", "failed events", "stream-consumer-failures"),
        ("data-events", "events", "large-files"),
        ("processed-data", "replicates", "us-west-2" if not dr else "us-east-1"),
    } <= links
    order = [*boxes(made, region)]
    way = (f"data-ingestion{dr}", "data-processor", "processed-data", "stream-consumer")
    assert order[0] == way[0]
    assert sorted((*way, "data-events"), key=order.index) == [*way, "data-events"]
    stages = [name for name, box in boxes(made, "pipeline").items() if box["kind"] == "stage"]
    assert stages[-4:] == ["primary", "supersede", "approval", "standby"]


def test_each_box_is_told_once_with_what_it_leads_to_and_later_by_its_name(
    stacks: tuple[StackTemplate, ...],
) -> None:
    made = drawn(stacks, changed(stacks, "ProcessorServiceFunctionF", MemorySize=3008))

    page = html(report(drawing=made))
    assert page.count("<b>data-processor</b>") == len(("us-east-1", "us-west-2"))
    assert json.dumps(made).count('"says": "stream"') == len(("us-east-1", "us-west-2"))


def test_a_changed_resource_is_marked_in_each_region_and_nothing_else_is(
    stacks: tuple[StackTemplate, ...],
) -> None:
    made = drawn(stacks, changed(stacks, "ProcessorServiceFunctionF", MemorySize=3008))

    for lane in ("us-east-1", "us-west-2"):
        marked = {name: box["changes"] for name, box in boxes(made, lane).items() if box["changes"]}
        assert marked == {"data-processor": [{"action": "modified", "what": "MemorySize"}]}
    page = html(report(drawing=made))
    assert page.count('"box marked"') == 2
    assert NOTHING not in page


@pytest.mark.parametrize(
    ("id_", "lane", "box"),
    [
        ("ProcessorServiceRoleDefaultPolicy", "us-east-1", "data-processor"),
        ("StreamConsumerReading", "us-west-2", "stream-consumer"),
        ("StreamConsumerChanges", "us-west-2", "processed-data"),
        ("AlertsKey9", "us-east-1", "alerts"),
        ("Watchprocessorerrors", "us-east-1", "data-processor"),
        ("PipelineBuildSynthCdkBuildProject6", "pipeline", "Build"),
    ],
)
def test_what_belongs_to_a_box_marks_it(
    stacks: tuple[StackTemplate, ...], id_: str, lane: str, box: str
) -> None:
    made = drawn(stacks, changed(stacks, id_, Other="value"))

    assert [name for name, each in boxes(made, lane).items() if each["changes"]][:1] == [box]
    assert made["beside"] == []


def test_a_change_of_no_box_is_told_beside_them(stacks: tuple[StackTemplate, ...]) -> None:
    made = drawn(stacks, changed(stacks, "PeopleOperator3", Description="other"))

    assert len(made["beside"]) == 2
    assert "People/Operator" in html(report(drawing=made))


def test_what_is_removed_is_still_drawn_and_marked(stacks: tuple[StackTemplate, ...]) -> None:
    made = drawn(stacks, without(stacks, "AWS::Events::EventBus"))

    assert boxes(made, "us-east-1")["data-events"]["changes"] == [{"action": "removed", "what": ""}]


def test_where_nothing_changes_a_line_says_so(stacks: tuple[StackTemplate, ...]) -> None:
    made = drawn(stacks, stacks)

    assert made == {"lanes": {}, "beside": []}
    for text in (html(report(drawing=made)), markdown(report(drawing=made))):
        assert NOTHING in text
