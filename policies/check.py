"""The findings in an assembly: its report, its templates and the register must agree."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from policies import register, row, rules, validation_report
from policies.choices import Choices
from policies.finding import PROJECT, REGISTER, Finding
from policies.gate import Verdict, judge
from policies.register import PLUGINS, ROWS, Waiver
from policies.templates.assembly import Assembly
from policies.templates.template import StackTemplate, resources, stack_of
from policies.validation_report import PluginReport, ReportError

REPORT = "report"
FIX = "fix it"

# The id and the path of an acknowledgement, as CDK writes them.
Acknowledged: TypeAlias = tuple[str, str]


def check(assembly: Assembly, waivers: Sequence[Waiver], today: date) -> Verdict:
    """Return the verdict on ``assembly``; without a report, only flaws of the register."""
    stacks = assembly.stacks
    own = [waiver for waiver in waivers if waiver.gate in (*PLUGINS, "")]
    granted = register.grants(own, stacks, _choices(stacks))
    try:
        reports = validation_report.read(assembly.folder, stacks)
    except ReportError as error:
        missing = [_report_finding("missing-report", str(error))]
        return judge(missing, own, granted, stacks, today=today, complete=False)
    ids = {id(grant): (f"{grant.waiver.gate}::{grant.finding}", grant.path) for grant in granted}
    registered = {*ids.values()}
    held_back = _held_back(reports)
    written = {(each.id, each.path) for each in assembly.acknowledgments}
    offer = partial(_offered, stacks=stacks, waivers=own)
    findings = [
        *_incomplete(reports, stacks),
        *map(offer, _of_packs(reports, registered)),
        *map(offer, _of_project(reports, stacks)),
        *_unregistered((held_back | written) - registered, stacks),
    ]
    in_force = [g for g in granted if g.waiver.gate == PROJECT or ids[id(g)] in held_back]
    open_ = [*map(offer, _of_packs(reports, {("", "")}))]  # CDK was not told to accept these
    return judge(findings, own, granted, stacks, today=today, in_force=in_force, final=open_)


def _choices(stacks: Sequence[StackTemplate]) -> Choices:
    def values(type_: str, property_: str) -> Iterator[Any]:
        return (each.properties.get(property_) for each in resources(stacks, type_))

    managed = "AWS::IAM::ManagedPolicy"
    descriptions, documents = (values(managed, each) for each in ("Description", "PolicyDocument"))
    return Choices.seen_in(
        map(str, values("AWS::S3::Bucket", "BucketName")),
        map(str, values("AWS::SNS::Subscription", "Endpoint")),
        zip(map(str, descriptions), documents, strict=True),
    )


def _held_back(reports: Sequence[PluginReport]) -> set[Acknowledged]:
    return {entry.acknowledged for each in reports for entry in each.entries} - {("", "")}


def _incomplete(
    reports: Sequence[PluginReport], stacks: Sequence[StackTemplate]
) -> Iterator[Finding]:
    by_plugin = {entry.plugin: entry for entry in reports}
    for plugin in PLUGINS:
        own = by_plugin.get(plugin)
        if own is None:
            if plugin != PROJECT:  # the project's rules run again here; a pack's cannot
                yield _report_finding("incomplete-report", f"{plugin} did not run")
            continue
        for stack in stacks:
            if stack.path not in own.stacks:
                yield _report_finding("incomplete-report", f"{plugin} did not check {stack.path}")
    for each in reports:
        if each.error:
            yield _report_finding("crashed-rules", each.error)


def _of_packs(
    reports: Sequence[PluginReport], acknowledged: AbstractSet[Acknowledged]
) -> Iterator[Finding]:
    """Yield what the packs report with one of these acknowledgements."""
    for plugin in reports:
        for entry in plugin.entries:
            if plugin.plugin != PROJECT and entry.acknowledged in acknowledged:
                yield entry.finding


def _offered(found: Finding, stacks: Sequence[StackTemplate], waivers: Sequence[Waiver]) -> Finding:
    """Add to a finding the row that accepts it, and where the same is accepted of others."""
    stack = stack_of(found.path, stacks)
    rule = stack.in_any_region(found.rule) if stack else found.rule
    path = stack.below_stage(found.path) if stack else found.path
    others = {waiver.kind for waiver in waivers if waiver.finding == rule}
    return replace(found, remedy=f"{found.remedy or FIX}; {row.accepting(rule, path, others)}")


def _of_project(
    reports: Sequence[PluginReport], stacks: Sequence[StackTemplate]
) -> Iterator[Finding]:
    """Yield the findings of the project's rules, which run again."""
    ours = rules.findings(stacks)
    entries = [entry.finding for each in reports for entry in each.entries]
    reported = {(each.rule, each.path) for each in entries if each.gate == PROJECT}
    if reported != {(each.rule, each.path) for each in ours}:
        yield _report_finding("stale-report", "the report was made from other templates")
    yield from ours


def _unregistered(
    acknowledged: AbstractSet[Acknowledged], stacks: Sequence[StackTemplate]
) -> Iterator[Finding]:
    """Yield acknowledgements in code, by report or metadata, that the register does not have."""
    for id_, path in acknowledged:
        yield Finding(
            gate=REGISTER,
            rule=f"unregistered-waiver[{id_}]",
            region=getattr(stack_of(path, stacks), "region", ""),
            path=path,
            message="code acknowledges this rule, but the register does not",
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
