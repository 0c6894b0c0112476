"""The architecture, derived from the templates: calls, events, storage and alarms."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

from policies.templates.global_table import GLOBAL_TABLE as TABLE
from policies.templates.global_table import replicas
from policies.templates.template import (
    Resource,
    StackTemplate,
    as_list,
    as_text,
    refers_to,
    resources,
)
from review import drawing
from review.drawing import Drawing, Edge, Node

FUNCTION, BUCKET = "AWS::Lambda::Function", "AWS::S3::Bucket"
QUEUE, TOPIC, BUS = "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Events::EventBus"
MAPPING, RULE, ALARM = (
    "AWS::Lambda::EventSourceMapping",
    "AWS::Events::Rule",
    "AWS::CloudWatch::Alarm",
)
PIPELINE = "AWS::CodePipeline::Pipeline"
KINDS: Mapping[str, tuple[str, str]] = {
    BUCKET: ("bucket", "BucketName"),
    FUNCTION: ("function", "FunctionName"),
    QUEUE: ("queue", "QueueName"),
    TOPIC: ("topic", "TopicName"),
    BUS: ("bus", "Name"),
}


def mermaid(stacks: Sequence[StackTemplate]) -> str:
    """Return the diagram for Markdown."""
    return drawing.mermaid(draw(stacks))


def svg(stacks: Sequence[StackTemplate]) -> str:
    """Return the diagram for the page."""
    return drawing.svg(draw(stacks))


def draw(stacks: Sequence[StackTemplate]) -> Drawing:
    """Return the connected resources of each region; a resource without an edge is left out."""
    edges = [edge for stack in stacks for edge in _edges(stack, stacks)]
    used = {end for edge in edges for end in (edge.source, edge.target)}
    nodes = [node for stack in stacks for node in _nodes(stack) if node.id in used]
    known = {node.id for node in nodes}
    return Drawing(
        nodes=tuple(nodes),
        edges=tuple(edge for edge in edges if {edge.source, edge.target} <= known),
    )


def _find(stack: StackTemplate, value: object, *types: str) -> str | None:
    """Return the node that a value of a template means: by reference, ARN or name."""
    text = as_text(value)
    for resource in stack.resources(*types):
        name = _name(resource)
        is_named = text == name or text.endswith((f":{name}", f"/{name}"))
        if is_named or refers_to(value, resource.logical_id):
            return _id(resource)
    return None


def _nodes(stack: StackTemplate) -> Iterator[Node]:
    for resource in stack.resources(*KINDS):
        yield Node(_id(resource), _name(resource), KINDS[resource.type][0], stack.region)
    for table in stack.resources(TABLE):
        for region in _regions(table):
            yield Node(_table_id(table, region), _name(table), "table", region)
    for pipeline in stack.resources(PIPELINE):
        for stage in pipeline.properties["Stages"]:
            yield Node(f"stage-{stage['Name']}", stage["Name"], "stage", "pipeline")


def _edges(stack: StackTemplate, stacks: Sequence[StackTemplate]) -> Iterator[Edge]:
    find = partial(_find, stack)
    for bucket in stack.resources(BUCKET):
        notified = as_list(
            bucket.properties.get("NotificationConfiguration", {}).get("LambdaConfigurations")
        )
        for invoked in {find(each.get("Function"), FUNCTION) for each in notified} - {None}:
            yield Edge(_id(bucket), str(invoked), "files")
    for function in stack.resources(FUNCTION):
        yield from _of_function(function, stacks)
    for mapping in stack.resources(MAPPING):
        yield from _of_mapping(mapping, stacks)
    for rule in stack.resources(RULE):
        for target in as_list(rule.properties.get("Targets")):
            yield from _edge(
                find(rule.properties.get("EventBusName"), BUS), find(target["Arn"], QUEUE), "rule"
            )
    yield from _alarms(stack)
    for table in stack.resources(TABLE):
        yield from _replication(table)
    for pipeline in stack.resources(PIPELINE):
        names = [f"stage-{stage['Name']}" for stage in pipeline.properties["Stages"]]
        yield from (Edge(one, other, "") for one, other in pairwise(names))


def _of_function(function: Resource, stacks: Sequence[StackTemplate]) -> Iterator[Edge]:
    find = partial(_find, function.stack)
    dead = function.properties.get("DeadLetterConfig", {}).get("TargetArn")
    yield from _edge(_id(function), find(dead, QUEUE), "failed events")
    variables = function.properties.get("Environment", {}).get("Variables", {})
    for value in variables.values():
        yield from _edge(_id(function), find(value, BUS), "events")
        yield from _edge(_id(function), _table(value, function.stack, stacks), "records")


def _of_mapping(mapping: Resource, stacks: Sequence[StackTemplate]) -> Iterator[Edge]:
    find = partial(_find, mapping.stack)
    function = find(mapping.properties.get("FunctionName"), FUNCTION)
    source = mapping.properties.get("EventSourceArn")
    failed = mapping.properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    # The standby looks up the stream of its replica, so its template does not name the table.
    table = _table(source, mapping.stack, stacks) or _only_table(mapping.stack, stacks)
    yield from _edge(table, function, "stream")
    yield from _edge(function, find(failed, QUEUE), "failed events")


def _alarms(stack: StackTemplate) -> Iterator[Edge]:
    find = partial(_find, stack)
    alarms = Counter(
        topic
        for alarm in stack.resources(ALARM)
        for topic in {
            find(action, TOPIC) for action in as_list(alarm.properties.get("AlarmActions"))
        }
    )
    for topic, count in alarms.items():
        for function in stack.resources(FUNCTION) if topic else ():
            if any(_watches(alarm, function) for alarm in stack.resources(ALARM)):
                yield Edge(_id(function), str(topic), f"{count} alarms")


def _watches(alarm: Resource, function: Resource) -> bool:
    name = function.properties.get("FunctionName")
    return refers_to(alarm.properties, function.logical_id) or f'"{name}"' in as_text(
        {"": alarm.properties}
    )


def _replication(table: Resource) -> Iterator[Edge]:
    own = table.stack.region
    for region in sorted({*_regions(table)} - {own}):
        yield Edge(_table_id(table, own), _table_id(table, region), "replicates", both_ways=True)


def _table(value: object, stack: StackTemplate, stacks: Sequence[StackTemplate]) -> str | None:
    for table in resources(stacks, TABLE):
        here = table.stack is stack and refers_to(value, table.logical_id)
        if here or as_text(value) == _name(table):
            return _table_id(table, stack.region)
    return None


def _only_table(stack: StackTemplate, stacks: Sequence[StackTemplate]) -> str | None:
    found = [each for each in resources(stacks, TABLE) if stack.region in _regions(each)]
    return _table_id(found[0], stack.region) if len(found) == 1 else None


def _edge(source: str | None, target: str | None, label: str) -> Iterator[Edge]:
    if source and target:
        yield Edge(source, target, label)


def _id(resource: Resource) -> str:
    return f"{resource.stack.region}-{resource.logical_id}"


def _table_id(table: Resource, region: str) -> str:
    return f"{region}-{_name(table)}"


def _regions(table: Resource) -> list[str]:
    return [replica["Region"] for replica in replicas(table)]


def _name(resource: Resource) -> str:
    written = resource.properties.get(KINDS.get(resource.type, ("table", "TableName"))[1])
    return written if isinstance(written, str) else resource.logical_id
