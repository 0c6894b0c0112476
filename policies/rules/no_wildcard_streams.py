"""No event source or output carries ``stream/*``, which looks like a stream and is none."""

from collections.abc import Iterator, Sequence

from policies.finding import Breach, breach, stack_breach
from policies.template import StackTemplate, flat

REMEDY = "look the replica's stream up at deployment (RecordsReplica.stream_arn)"
WILDCARD = "stream/*"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        for mapping in stack.resources("AWS::Lambda::EventSourceMapping"):
            if WILDCARD in flat(mapping.properties.get("EventSourceArn", "")):
                yield breach(mapping, f"the event source is {WILDCARD}; its deployment fails")
        for name, output in stack.outputs().items():
            if WILDCARD in flat(output["Value"]):
                message = f"the output {name} is {WILDCARD}, which no tool can read from"
                yield stack_breach(stack, message, logical_id=name)
