"""CloudFormation's role may make every resource: the bootstrap's policies are by their types."""

from collections.abc import Iterator, Sequence

from policies import patterns
from policies.finding import Finding, at
from policies.templates.template import StackTemplate, resources

REMEDY = patterns.beside(__file__)["remedy"]
KNOWN = patterns.beside(f"{patterns.ROOT}/bootstrap/actions.toml")


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for resource in resources(stacks):
        if resource.type not in KNOWN:
            yield at(resource, f"CloudFormation may make no {resource.type}")
