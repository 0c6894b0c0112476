"""Every resource that people or tools look up is named ``serverless-<resource>-prod``, once."""

import re
from collections.abc import Iterator, Mapping, Sequence

from naming import PREFIX, SUFFIX
from policies import patterns
from policies.changes.grants import holders
from policies.finding import Finding, at, at_stack
from policies.templates.statements import ROLE
from policies.templates.template import StackTemplate, as_text

REMEDY = "take the name from naming.py"
POLICY = "AWS::IAM::Policy"
NAME = rf"{PREFIX}[a-z0-9]+(-[a-z0-9]+)*{SUFFIX}"
NAMED: Mapping[str, Mapping[str, str]] = patterns.beside(__file__)


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    taken: dict[tuple[str, ...], str] = {}
    for stack in stacks:
        if not re.fullmatch(NAME, stack.name):
            yield at_stack(stack, f"the stack is named {stack.name!r}")
        roles = {f"<{e.logical_id}>": e.properties.get("RoleName") for e in stack.resources(ROLE)}
        for resource in stack.resources(*NAMED, POLICY):
            row = NAMED.get(resource.type, {"by": "PolicyName", "form": ".+"})
            property_, value = row["by"], resource.properties.get(row["by"])
            pattern = row.get("form", "NAME").replace("NAME", NAME)
            if value is None and "only" not in row:
                yield at(resource, f"{property_} is missing, so nobody can look it up")
            elif value is not None and not re.fullmatch(pattern, as_text(value)):
                yield at(resource, f"{property_} is {as_text(value)!r}, not of the form {pattern}")
            scope = stack.account, "" if row.get("once") else stack.region
            # One policy takes the place of another of its name, if both have the same holder.
            for of in holders(resource) if resource.type == POLICY else [""]:
                known = resource.type, as_text(value), as_text(roles.get(of) or of), *scope
                first = taken.setdefault(known, resource.path)
                if value is not None and first != resource.path:
                    has = f"{property_} is {as_text(value)!r}, which {first} has already"
                    yield at(resource, has)
