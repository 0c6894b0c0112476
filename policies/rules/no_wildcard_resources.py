"""No role may act on every resource there is; a waiver names the whole statement."""

from collections.abc import Iterator, Sequence

from policies import statements
from policies.finding import Breach, breach
from policies.template import StackTemplate

REMEDY = "name the resources; where the service has no resources to name, waive the exact statement"


def check(stacks: Sequence[StackTemplate]) -> Iterator[Breach]:
    for statement in statements.identity_statements(stacks):
        everything = "*" in statement.resources or "NotResource" in statement.body
        if statement.allows and everything:
            message = f"acts on every resource: {statement}"
            yield breach(statement.owner, message, exact=str(statement))
