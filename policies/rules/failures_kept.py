"""An event that a function could not handle ends somewhere a person can find it."""

from collections.abc import Iterator, Sequence

from policies.finding import Breach, breach
from policies.template import Resource, StackTemplate, refers_to

REMEDY = "give the function a dead-letter queue, or its event source an on-failure destination"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            if not (_dead_letters(function) or _on_failure(function)):
                yield breach(function, "an event that fails for good is gone without a trace")


def _dead_letters(function: Resource) -> bool:
    return "TargetArn" in function.properties.get("DeadLetterConfig", {})


def _on_failure(function: Resource) -> bool:
    sources = function.stack.resources(
        "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
    )
    return any(
        "OnFailure" in source.properties.get("DestinationConfig", {})
        for source in sources
        if refers_to(source.properties["FunctionName"], function.logical_id)
    )
