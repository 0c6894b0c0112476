"""The findings in an assembly: its report, its templates and the register must agree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from policies import app, register, row, rules, validation_report
from policies.choices import Choices
from policies.finding import REGISTER, Finding
from policies.gate import Verdict, judge
from policies.register import PLUGINS, ROWS, Waiver
from policies.register_checks import UNUSED
from policies.templates.assembly import Assembly
from policies.templates.template import StackTemplate, stack_of


def check(
    assembly: Assembly,
    waivers: Sequence[Waiver],
    today: date,
    final: Sequence[Finding] = (),
) -> Verdict:
    """Return the verdict on ``assembly``; no row accepts what is ``final``."""
    stacks = assembly.stacks
    own = [waiver for waiver in waivers if waiver.gate in (*PLUGINS, "")]
    granted = register.grants(own, stacks, Choices.seen_in(stacks))
    found = [*validation_report.findings(assembly.folder, stacks), *rules.findings(stacks)]
    complete = all(each.rule != validation_report.MISSING for each in found)
    findings = [
        *(_offered(each, stacks, own) for each in found),
        *(_acknowledged(stack, *each) for stack in stacks for each in stack.acknowledged),
    ]
    return judge(findings, own, granted, stacks, today=today, complete=complete, final=final)


def check_twice(
    assembly: Assembly,
    other: Assembly,
    waivers: Sequence[Waiver],
    today: date,
    final: Sequence[Finding],
) -> Verdict:
    """Return the verdict on ``assembly``, with what is wrong only in the ``other`` of the app.

    There a row may have nothing to accept, because it is about what the settings leave out.
    """
    verdict = check(assembly, waivers, today, final)
    found = (each for each in check(other, waivers, today).findings if each.kind != UNUSED)
    return replace(verdict, findings=(*verdict.findings, *app.only_there(found, verdict.findings)))


def _offered(found: Finding, stacks: Sequence[StackTemplate], waivers: Sequence[Waiver]) -> Finding:
    """Add to a finding the row that accepts it, and where the same is accepted of others."""
    if found.gate == validation_report.GATE:
        return found
    stack = stack_of(found.path, stacks)
    rule = stack.in_any_region(found.rule) if stack else found.rule
    path = stack.below_stage(found.path) if stack else found.path
    others = {waiver.kind for waiver in waivers if waiver.finding == rule}
    return replace(found, remedy=f"{found.remedy or 'fix it'}; {row.accepting(rule, path, others)}")


def _acknowledged(stack: StackTemplate, path: str, rule: str) -> Finding:
    return Finding(
        gate=REGISTER,
        rule=f"unregistered-waiver[{rule}]",
        region=stack.region,
        path=path,
        message="code acknowledges this rule, but only the register accepts a finding",
        remedy=f"remove it from the code; what has to be accepted is, by a row in {ROWS}",
    )
