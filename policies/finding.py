from dataclasses import dataclass

from policies.template import Resource, StackTemplate

PROJECT = "Project"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """What a project rule has against one place. ``rule`` is the exact id a waiver would name."""

    rule: str
    stack: str
    region: str
    path: str
    logical_id: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A finding before the runner has put the rule's name to it.

    ``exact`` tells apart several findings of one rule on one construct, as a statement of a policy.
    """

    stack: StackTemplate
    logical_id: str
    path: str
    message: str
    exact: str = ""

    def named(self, rule: str) -> Finding:
        exact = self.exact.replace(" ", "-")  # CDK knows no id with a space
        return Finding(
            rule=f"{PROJECT}-{rule}[{exact}]" if exact else f"{PROJECT}-{rule}",
            stack=self.stack.path,
            region=self.stack.region,
            path=self.path,
            logical_id=self.logical_id,
            message=self.message,
        )


def breach(resource: Resource, message: str, exact: str = "") -> Breach:
    return Breach(
        stack=resource.stack,
        logical_id=resource.logical_id,
        path=resource.path,
        message=message,
        exact=exact,
    )


def stack_breach(
    stack: StackTemplate, message: str, *, logical_id: str = "", exact: str = ""
) -> Breach:
    """A finding about a stack, or about what is no resource, as an output or something absent."""
    path = stack.paths.get(logical_id, stack.path)
    return Breach(stack=stack, logical_id=logical_id, path=path, message=message, exact=exact)
