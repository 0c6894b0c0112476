"""No stack can be deleted in one call: its protection has to be switched off first."""

from collections.abc import Iterator, Sequence

from policies.finding import Breach, stack_breach
from policies.template import StackTemplate

REMEDY = "set termination_protection=True; to delete a stack, switch it off by hand for that stack"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for stack in stacks:
        if not stack.termination_protected:
            yield stack_breach(stack, f"{stack.name} can be deleted in one call")
