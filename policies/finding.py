"""A rule's breach, the finding it becomes, and the problem that a verdict lists."""

from dataclasses import dataclass

from policies.template import Resource, StackTemplate

PROJECT = "Project"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """One violation of a project rule. ``rule`` is the exact id that a waiver names."""

    rule: str
    stack: str
    region: str
    path: str
    logical_id: str
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """The report of a rule, before the runner adds the rule's name.

    ``exact`` distinguishes several findings of one rule on one construct, such as one per policy
    statement.
    """

    stack: StackTemplate
    logical_id: str
    path: str
    message: str
    exact: str = ""

    def named(self, rule: str) -> Finding:
        """Return the finding of ``rule``, with an id that is unique to the construct."""
        exact = self.exact.replace(" ", "-")  # CDK accepts no spaces in an id
        return Finding(
            rule=f"{PROJECT}-{rule}[{exact}]" if exact else f"{PROJECT}-{rule}",
            stack=self.stack.path,
            region=self.stack.region,
            path=self.path,
            logical_id=self.logical_id,
            message=self.message,
        )


def breach(resource: Resource, message: str, exact: str = "") -> Breach:
    """Return a breach at ``resource``."""
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
    """Return a breach at a stack, or at something that is not a resource, such as an output."""
    path = stack.paths.get(logical_id, stack.path)
    return Breach(stack=stack, logical_id=logical_id, path=path, message=message, exact=exact)


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Problem:
    """One reason for a red verdict: what is wrong, where, and how to fix it."""

    verdict: str
    rule: str
    region: str
    path: str
    message: str
    remedy: str
    source: str = ""

    def __str__(self) -> str:
        head = "  ".join(part for part in (self.verdict, self.rule, self.region) if part)
        lines = [("at", self.path), ("in", self.source), ("why", self.message), ("do", self.remedy)]
        return "\n".join([head, *(f"  {label:<4}{text}" for label, text in lines if text)])
