"""The findings in an assembly: its report, its templates and the register must agree."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from policies import register, row, rules, validation_report
from policies.choices import Choices
from policies.finding import PROJECT, REGISTER, Finding
from policies.gate import Verdict, judge
from policies.register import PLUGINS, ROWS, Waiver
from policies.templates.assembly import Assembly
from policies.templates.template import StackTemplate, stack_of
from policies.validation_report import Report, ReportError

REPORT = "report"
FIX = "fix it"


def check(
    assembly: Assembly,
    waivers: Sequence[Waiver],
    today: date,
    final: Sequence[Finding] = (),
) -> Verdict:
    """Return the verdict on ``assembly``; without a report, on the register and what is ``final``.

    What is ``final`` no row accepts.
    """
    stacks = assembly.stacks
    own = [waiver for waiver in waivers if waiver.gate in (*PLUGINS, "")]
    granted = register.grants(own, stacks, Choices.seen_in(stacks))
    try:
        report = validation_report.read(assembly.folder, stacks)
    except ReportError as error:
        missing = [_report_finding("missing-report", str(error))]
        return judge(missing, own, granted, stacks, today=today, complete=False, final=final)
    findings = [
        *_incomplete(report),
        *(_offered(each, stacks, own) for each in (*report.findings, *rules.findings(stacks))),
        *(_acknowledged(stack, *each) for stack in stacks for each in stack.acknowledged),
    ]
    return judge(findings, own, granted, stacks, today=today, final=final)


def _incomplete(report: Report) -> Iterator[Finding]:
    for pack in {*PLUGINS} - {PROJECT, *report.packs}:
        yield _report_finding("incomplete-report", f"{pack} did not run")
    if not report.current:
        yield _report_finding("stale-report", "the report was made from other templates")


def _offered(found: Finding, stacks: Sequence[StackTemplate], waivers: Sequence[Waiver]) -> Finding:
    """Add to a finding the row that accepts it, and where the same is accepted of others."""
    stack = stack_of(found.path, stacks)
    rule = stack.in_any_region(found.rule) if stack else found.rule
    path = stack.below_stage(found.path) if stack else found.path
    others = {waiver.kind for waiver in waivers if waiver.finding == rule}
    return replace(found, remedy=f"{found.remedy or FIX}; {row.accepting(rule, path, others)}")


def _acknowledged(stack: StackTemplate, path: str, rule: str) -> Finding:
    return Finding(
        gate=REGISTER,
        rule=f"unregistered-waiver[{rule}]",
        region=stack.region,
        path=path,
        message="code acknowledges this rule, but only the register accepts a finding",
        remedy=f"remove it from the code; what has to be accepted is, by a row in {ROWS}",
    )


def _report_finding(rule: str, message: str) -> Finding:
    return Finding(
        gate=REPORT,
        rule=rule,
        region="",
        path=validation_report.FILE,
        message=message,
        remedy="synthesize again: make synth",
    )
