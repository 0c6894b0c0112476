"""No stack can be deleted in one call: its protection has to be switched off first."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at_stack
from policies.templates.template import StackTemplate

REMEDY = "set termination_protection=True; to delete a stack, switch it off by hand for that stack"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        if not stack.termination_protected:
            yield at_stack(stack, f"{stack.name} can be deleted in one call")
