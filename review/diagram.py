"""The architecture, derived from the templates: calls, events, storage and alarms."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from policies.templates.global_table import GLOBAL_TABLE as TABLE
from policies.templates.global_table import replicas
from policies.templates.template import (
    Resource,
    StackTemplate,
    all_texts,
    refers_to,
    resources,
)
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
    TABLE: ("table", "TableName"),
}
# What a resource leads to by a property of its own.
LEADING = (
    (BUCKET, "NotificationConfiguration", FUNCTION, "files"),
    (FUNCTION, "DeadLetterConfig", QUEUE, "failed events"),
    (FUNCTION, "Environment", BUS, "events"),
    (FUNCTION, "Environment", TABLE, "records"),
)
# What is led from one resource to another, each in a property, by a third one.
LED = (
    (MAPPING, ("EventSourceArn", TABLE), ("FunctionName", FUNCTION), "stream"),
    (MAPPING, ("FunctionName", FUNCTION), ("DestinationConfig", QUEUE), "failed events"),
    (RULE, ("EventBusName", BUS), ("Targets", QUEUE), "rule"),
)


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


def _nodes(stack: StackTemplate) -> Iterator[Node]:
    for resource in stack.resources(*KINDS):
        for region in _regions(resource):
            yield Node(_id(resource, region), _name(resource), KINDS[resource.type][0], region)
    for stage in _stages(stack):
        yield Node(f"stage-{stage}", stage, "stage", "pipeline")


def _edges(stack: StackTemplate, stacks: Sequence[StackTemplate]) -> Iterator[Edge]:
    region = stack.region
    for type_, property_, target, label in LEADING:
        for one in stack.resources(type_):
            for end in _meant(one, property_, target, stacks):
                yield Edge(_id(one, region), end, label)
    for type_, source, other, label in LED:
        for one in stack.resources(type_):
            for start in _meant(one, *source, stacks):
                yield from (Edge(start, end, label) for end in _meant(one, *other, stacks))
    yield from _alarms(stack, stacks)
    for table in stack.resources(TABLE):
        for peer in sorted({*_regions(table)} - {region}):
            yield Edge(_id(table, region), _id(table, peer), "replicates", both_ways=True)
    for before, after in pairwise(_stages(stack)):
        yield Edge(f"stage-{before}", f"stage-{after}", "")


def _meant(
    resource: Resource, property_: str, type_: str, stacks: Sequence[StackTemplate]
) -> list[str]:
    """Return the nodes that a property means: by reference, ARN or name."""
    value, stack = resource.properties.get(property_), resource.stack
    texts = [*all_texts(value)]
    known = [each for each in resources(stacks, type_) if stack.region in _regions(each)]
    found = [
        _id(each, stack.region)
        for each in known
        if (each.stack is stack and refers_to(value, each.logical_id))
        or any(f":/{text}".endswith((f":{_name(each)}", f"/{_name(each)}")) for text in texts)
    ]
    # The standby looks up the stream of its replica, so its template does not name the table.
    is_looked_up = type_ == TABLE and resource.type == MAPPING and len(known) == 1
    return found or [_id(each, stack.region) for each in known if is_looked_up]


def _alarms(stack: StackTemplate, stacks: Sequence[StackTemplate]) -> Iterator[Edge]:
    alarms = [*stack.resources(ALARM)]
    topics = [topic for each in alarms for topic in _meant(each, "AlarmActions", TOPIC, stacks)]
    for topic in dict.fromkeys(topics):
        for function in stack.resources(FUNCTION):
            if any(_watches(alarm, function) for alarm in alarms):
                label = f"{topics.count(topic)} alarms"
                yield Edge(_id(function, stack.region), topic, label)


def _watches(alarm: Resource, function: Resource) -> bool:
    named = _name(function) in [*all_texts(alarm.properties)]
    return named or refers_to(alarm.properties, function.logical_id)


def _stages(stack: StackTemplate) -> list[str]:
    pipelines = stack.resources(PIPELINE)
    return [stage["Name"] for each in pipelines for stage in each.properties["Stages"]]


def _id(resource: Resource, region: str) -> str:
    is_table = resource.type == TABLE  # one for all regions, whichever stack declares it
    return f"{region}-{_name(resource) if is_table else resource.logical_id}"


def _regions(resource: Resource) -> list[str]:
    if resource.type != TABLE:
        return [resource.stack.region]
    return [replica["Region"] for replica in replicas(resource)]


def _name(resource: Resource) -> str:
    written = resource.properties.get(KINDS[resource.type][1])
    return written if isinstance(written, str) else resource.logical_id
