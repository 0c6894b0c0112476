"""Every resource that people or tools look up is named ``serverless-<resource>-prod``."""

import re
from collections.abc import Iterator, Mapping, Sequence

from naming import PREFIX, SUFFIX
from policies import patterns
from policies.finding import Finding, at, at_stack
from policies.templates.template import StackTemplate, as_text

REMEDY = "take the name from naming.py"
NAME = rf"{PREFIX}[a-z0-9]+(-[a-z0-9]+)*{SUFFIX}"
NAMED: Mapping[str, Mapping[str, str]] = patterns.beside(__file__)


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for stack in stacks:
        if not re.fullmatch(NAME, stack.name):
            yield at_stack(stack, f"the stack is named {stack.name!r}")
        for resource in stack.resources(*NAMED):
            row = NAMED[resource.type]
            property_, value = row["by"], resource.properties.get(row["by"])
            pattern = row.get("form", "NAME").replace("NAME", NAME)
            if value is None and "only" not in row:
                message = f"{property_} is missing, and a generated name cannot be looked up"
                yield at(resource, message)
            elif value is not None and not re.fullmatch(pattern, as_text(value)):
                yield at(resource, f"{property_} is {as_text(value)!r}, not of the form {pattern}")
