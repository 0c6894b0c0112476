"""An event that a function fails to handle is kept where it can be found."""

from collections.abc import Iterator, Sequence

from policies import patterns
from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, objects, refers_to

REMEDY, KEEPING = patterns.beside(__file__).values()
MAPPING = "AWS::Lambda::EventSourceMapping"
DEFAULT_S, LONGEST_S = 345_600, 1_209_600


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            dead_letters = function.properties.get("DeadLetterConfig", {})
            if "TargetArn" not in dead_letters and not _on_failure(function):
                yield at(function, "an event that keeps failing is lost without a trace")
        for mapping in stack.resources(MAPPING):
            # A function's own queue is not for streams, which move on after a failed batch. What
            # reads a queue has no starting position, and its failures are that queue's.
            if "StartingPosition" in mapping.properties and not _has_destination(mapping):
                yield at(mapping, "a batch that keeps failing is skipped without a trace")
        keeping = [part[key] for part in objects(stack.template) for key in KEEPING if key in part]
        for queue in stack.resources("AWS::SQS::Queue"):
            kept_s = queue.properties.get("MessageRetentionPeriod", DEFAULT_S)
            if kept_s != LONGEST_S and refers_to(keeping, queue.logical_id):
                yield at(
                    queue, f"what fails is deleted after {kept_s} s, before anybody has looked"
                )


def _on_failure(function: Resource) -> bool:
    return any(
        refers_to(source.properties["FunctionName"], function.logical_id)
        for source in function.stack.resources(MAPPING, "AWS::Lambda::EventInvokeConfig")
        if _has_destination(source)
    )


def _has_destination(source: Resource) -> bool:
    return "Destination" in source.properties.get("DestinationConfig", {}).get("OnFailure", {})
