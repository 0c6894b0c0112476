"""No event source or output is ``stream/*``, which looks like a stream but is not one."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at, at_stack
from policies.templates.template import StackTemplate, as_text, resources

REMEDY = "look up the replica's stream during the deployment (RecordsReplica.stream_arn)"
WILDCARD = "stream/*"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for mapping in resources(stacks, "AWS::Lambda::EventSourceMapping"):
        if WILDCARD in as_text(mapping.properties.get("EventSourceArn", "")):
            yield at(mapping, f"the event source is {WILDCARD}, so its deployment fails")
    for stack in stacks:
        for name, output in stack.outputs().items():
            if WILDCARD in as_text(output["Value"]):
                message = f"the output {name} is {WILDCARD}, which no tool can read"
                yield at_stack(stack, message, logical_id=name)
