"""What is wrong: the one form in which every rule, pack, scan and comparison reports it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from policies.templates.said import said_at
from policies.templates.template import Resource, StackTemplate

PROJECT, REGISTER = "Project", "register"
FEW = 3
# Before the places in a row that a remedy ends with.
PATHS = "paths = ["
# Between the line that made something, and the files that may have changed it.
OR = "; or in "
# Before the settings under which alone it is found.
ONLY_UNDER = "only with the settings of"
# How kinds begin by which what others refer to goes, or data does.
CAUSES = ("stateful-", "data/", "part-removed", "replica-removed", "replacement-collides")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: what, where, why, and how to fix it.

    ``gate`` is the pack, tool or comparison that reports it. ``rule`` is the exact id that a row
    of the register names; several findings of one rule at one ``path`` differ in its brackets.
    ``source`` is the line of code, or the stack, that it comes from, if that is known.
    """

    gate: str
    rule: str
    region: str = ""
    path: str
    message: str
    remedy: str = ""
    source: str = ""

    @property
    def rank(self) -> tuple[bool, ...]:
        """What sorts findings: causes before what follows, or what only other settings show."""
        elsewhere, unnamed = ONLY_UNDER in self.source, self.kind == "unclassified"
        return self.gate == REGISTER, unnamed, elsewhere, not self.kind.startswith(CAUSES)

    @property
    def kind(self) -> str:
        """The rule without what it says in brackets."""
        return self.rule.partition("[")[0]


def texts(findings: Iterable[Finding]) -> list[str]:
    """Return the findings as texts; one is about several places if all else is the same there.

    So is the row that accepts them. Flaws of the register's rows are one text for each kind, so
    that they don't hide the cause.
    """
    same: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for each in findings:
        what = each.kind if each.gate == REGISTER else each.rule
        same[what, each.message, each.remedy.partition(PATHS)[0]].append(each)
    return [_text(each) for each in same.values()]


def _text(findings: Sequence[Finding]) -> str:
    first = findings[0]
    regions = ", ".join(dict.fromkeys(each.region for each in findings if each.region))
    rules = {each.rule for each in findings}
    rule, more = (first.kind, f", {len(rules)} rows") if len(rules) > 1 else (first.rule, "")
    head = "  ".join(part for part in (rule + more, regions) if part)
    places = [("at", each.path + each.rule.removeprefix(rule)) for each in findings]
    do, row, _ = first.remedy.partition(PATHS)
    paths = dict.fromkeys(each.remedy.partition(PATHS)[2].removesuffix("]") for each in findings)
    do += f"{row}{', '.join(paths)}]" if row else ""
    # What may be the cause of each is told once.
    sources = dict.fromkeys(each.source.partition(OR)[0] for each in findings)
    or_in = "".join(first.source.partition(OR)[1:])
    lines = [*places, ("in", few([*sources]) + or_in), ("why", first.message), ("do", do)]
    return "\n".join([head, *(f"  {label:<4}{text}" for label, text in lines if text)])


def few(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def rule_id(name: str, exact: str) -> str:
    """Return the id of a rule whose findings on one construct are told apart by ``exact``."""
    return f"{name}[{exact}]" if exact else name


def at(resource: Resource, message: str, exact: str = "") -> Finding:
    """Return a finding at ``resource``; who runs the rule adds its name, gate and remedy."""
    found = at_stack(resource.stack, message, exact=exact, path=resource.path)
    made = f"{said_at(resource, exact)}{found.source}, {resource.logical_id}"
    return replace(found, source=f"{made} ({resource.type})")


def each_at(resource: Resource, said: Iterable[str], message: str = "{}") -> Iterator[Finding]:
    """Yield a finding at ``resource`` for each thing that is said, which tells it from others."""
    for what in said:
        yield at(resource, message.format(what), exact=what)


def at_stack(
    stack: StackTemplate, message: str, *, logical_id: str = "", exact: str = "", path: str = ""
) -> Finding:
    """Return a finding at a stack, or at something that is not a resource, such as an output."""
    path = path or stack.paths.get(logical_id, stack.path)
    return Finding(
        gate="",
        rule=rule_id("", exact),
        region=stack.region,
        path=path,
        message=message,
        source=stack.sources.get(path) or stack.name,
    )
