"""Every function sets its timeout, within Lambda's limit."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates.template import StackTemplate

REMEDY = "set the timeout: the default of 3 s is too short for real work"
LONGEST_S = 900


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        for function in stack.resources("AWS::Lambda::Function"):
            timeout_s = function.properties.get("Timeout")
            if not isinstance(timeout_s, int) or not 0 < timeout_s <= LONGEST_S:
                yield at(function, f"the timeout is {timeout_s}")
