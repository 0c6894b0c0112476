"""An event that a function fails to handle is kept where it can be found."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, refers_to

REMEDY = "give the function a dead-letter queue, or its event source an on-failure destination"
MAPPING = "AWS::Lambda::EventSourceMapping"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            if not (_dead_letters(function) or _on_failure(function)):
                yield at(function, "an event that keeps failing is lost without a trace")
        for mapping in stack.resources(MAPPING):
            # A function's own queue is not for streams, which move on after a failed batch.
            if _reads_a_stream(mapping) and not _has_destination(mapping):
                yield at(mapping, "a batch that keeps failing is skipped without a trace")


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
    """Return False for a queue, which has no starting position, but its own dead letters."""
    return "StartingPosition" in mapping.properties


def _has_destination(source: Resource) -> bool:
    on_failure = source.properties.get("DestinationConfig", {}).get("OnFailure", {})
    return "Destination" in on_failure
