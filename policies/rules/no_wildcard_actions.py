"""No Allow statement, for a role or on a resource, includes every action of a service."""

from collections.abc import Iterator, Sequence

from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import StackTemplate, resources

REMEDY = "name the actions that are needed"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
    for statement in statements.of(*resources(stacks), trust=True):
        wide = [each for each in statement.actions if not each.rpartition(":")[2].strip("*?")]
        if statement.allows and (wide or "NotAction" in statement.body):
            message = f"allows {' '.join(wide) or 'all but some actions'}: {statement}"
            yield at(statement.owner, message, exact=str(statement))
