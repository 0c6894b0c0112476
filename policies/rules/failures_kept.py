"""An event that a function could not handle ends somewhere a person can find it."""

from collections.abc import Iterator, Sequence

from policies.finding import Breach, breach
from policies.template import Resource, StackTemplate, refers_to

REMEDY = "give the function a dead-letter queue, or its event source an on-failure destination"
MAPPING = "AWS::Lambda::EventSourceMapping"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            if not (_dead_letters(function) or _on_failure(function)):
                yield breach(function, "an event that fails for good is gone without a trace")
        for mapping in stack.resources(MAPPING):
            # The function's own queue is for other events: a stream goes on after what has failed.
            if _reads_a_stream(mapping) and not _has_destination(mapping):
                yield breach(mapping, "what fails for good is left behind in the stream, unnoticed")


def _dead_letters(function: Resource) -> bool:
    return "TargetArn" in function.properties.get("DeadLetterConfig", {})


def _on_failure(function: Resource) -> bool:
    sources = function.stack.resources(MAPPING, "AWS::Lambda::EventInvokeConfig")
    return any(
        _has_destination(source)
        for source in sources
        if refers_to(source.properties["FunctionName"], function.logical_id)
    )


def _reads_a_stream(mapping: Resource) -> bool:
    """A queue has no positions to start from, and dead letters of its own."""
    return "StartingPosition" in mapping.properties


def _has_destination(source: Resource) -> bool:
    on_failure = source.properties.get("DestinationConfig", {}).get("OnFailure", {})
    return "Destination" in on_failure
