"""An event that a function fails to handle is kept where it can be found."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import Resource, StackTemplate, nested, refers_to

REMEDY = (
    "give the function a dead-letter queue, or its event source an on-failure destination, that "
    "keeps messages for the longest that SQS offers, 14 days"
)
MAPPING = "AWS::Lambda::EventSourceMapping"
LONGEST_S = 1_209_600
KEEPING = ("DeadLetterConfig", "DestinationConfig", "RedrivePolicy")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            if not (_dead_letters(function) or _on_failure(function)):
                yield at(function, "an event that keeps failing is lost without a trace")
        for mapping in stack.resources(MAPPING):
            # A function's own queue is not for streams, which move on after a failed batch.
            if _reads_a_stream(mapping) and not _has_destination(mapping):
                yield at(mapping, "a batch that keeps failing is skipped without a trace")
        for queue in stack.resources("AWS::SQS::Queue"):
            kept_s = queue.properties.get("MessageRetentionPeriod")
            if kept_s != LONGEST_S and _takes_failures(queue):
                yield at(
                    queue, f"what fails is deleted after {kept_s} s, before anybody has looked"
                )


def _takes_failures(queue: Resource) -> bool:
    return any(
        refers_to(part, queue.logical_id)
        for source in queue.stack.resources()
        for part in _of_failures(source.properties)
    )


def _of_failures(node: object) -> Iterator[object]:
    for part in nested(node):
        if isinstance(part, dict):
            yield from (part[key] for key in KEEPING if key in part)


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
