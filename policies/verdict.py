"""Judges an assembly: its report, its templates and the register, each against the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policies import flaws, report, rules, usage
from policies.assembly import Assembly
from policies.finding import PROJECT, Finding
from policies.flaws import PLUGINS, plugin_of
from policies.problem import Problem
from policies.register import Choices, Grant, Waiver, grants
from policies.report import PluginReport, ReportError
from policies.template import StackTemplate, region_of

ACCEPT = "fix it; if it must stay, accept exactly this finding in policies/waivers/<kind>.toml"
AGAIN = "synthesize again: make synth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    problems: tuple[Problem, ...]
    granted: tuple[Grant, ...]
    stacks: int

    @property
    def green(self) -> bool:
        return not self.problems


def judge(assembly: Assembly, waivers: Sequence[Waiver], today: date) -> Verdict:
    stacks = assembly.stacks
    granted = grants(waivers, stacks, _choices(stacks))
    ours = rules.findings(stacks)
    problems = list(flaws.flaws(waivers, today))
    try:
        reports = report.read(assembly.folder)
    except ReportError as error:
        problems.append(_report_problem("missing report", str(error)))
    else:
        problems += _thin(reports, stacks)
        problems += _stale(reports, ours)
        problems += _open(reports, stacks)
        problems += _open_ours(ours, reports, granted)
        problems += _unregistered(assembly, reports, granted)
        problems += usage.against(waivers, granted, _seen(reports, ours), stacks)
    return Verdict(
        problems=tuple(sorted(set(problems))), granted=tuple(granted), stacks=len(stacks)
    )


def _choices(stacks: Sequence[StackTemplate]) -> Choices:
    def values(type_: str, property_: str) -> Iterator[str]:
        for stack in stacks:
            for resource in stack.resources(type_):
                yield str(resource.properties.get(property_))

    return Choices.seen_in(
        values("AWS::S3::Bucket", "BucketName"), values("AWS::SNS::Subscription", "Endpoint")
    )


def _thin(reports: Sequence[PluginReport], stacks: Sequence[StackTemplate]) -> Iterator[Problem]:
    by_plugin = {entry.plugin: entry for entry in reports}
    for plugin in PLUGINS:
        told = by_plugin.get(plugin)
        if told is None:
            if plugin != PROJECT:  # our own rules run again here; theirs can't
                yield _report_problem("thin report", f"{plugin} has said nothing")
            continue
        for stack in stacks:
            if stack.path not in told.stacks:
                yield _report_problem("thin report", f"{plugin} was not shown {stack.path}")
    for told in reports:
        if told.error:
            yield _report_problem("crashed rules", told.error)


def _stale(reports: Sequence[PluginReport], ours: Sequence[Finding]) -> Iterator[Problem]:
    told = {
        (entry.rule, entry.path)
        for plugin in reports
        if plugin.plugin == PROJECT
        for entry in plugin.entries
    }
    if told != {(finding.rule, finding.path) for finding in ours}:
        yield _report_problem("stale report", "the report was not made from these templates")


def _open(reports: Sequence[PluginReport], stacks: Sequence[StackTemplate]) -> Iterator[Problem]:
    for plugin in reports:
        for entry in plugin.entries:
            if plugin.plugin != PROJECT and not any(entry.acknowledged):
                yield Problem(
                    verdict="finding",
                    rule=entry.rule,
                    region=region_of(entry.path, stacks),
                    path=entry.path,
                    message=entry.message,
                    remedy=ACCEPT,
                    source=entry.source,
                )


def _open_ours(
    ours: Sequence[Finding], reports: Sequence[PluginReport], granted: Sequence[Grant]
) -> Iterator[Problem]:
    accepted = {(grant.finding, grant.path) for grant in granted}
    sources = {entry.path: entry.source for told in reports for entry in told.entries}
    for finding in ours:
        if (finding.rule, finding.path) not in accepted:
            yield Problem(
                verdict="finding",
                rule=finding.rule,
                region=finding.region,
                path=finding.path,
                message=finding.message,
                remedy=rules.remedy(finding.rule),
                source=sources.get(finding.path, ""),
            )


def _unregistered(
    assembly: Assembly, reports: Sequence[PluginReport], granted: Sequence[Grant]
) -> Iterator[Problem]:
    """What code has acknowledged on its own, in whatever form it has left a trace."""
    registered = {(f"{plugin_of(grant.finding)}::{grant.finding}", grant.path) for grant in granted}
    held_back = {entry.acknowledged for told in reports for entry in told.entries} - {("", "")}
    written = {(told.id, told.path) for told in assembly.acknowledgments}
    for id_, path in (held_back | written) - registered:
        yield Problem(
            verdict="unregistered waiver",
            rule=id_,
            region=region_of(path, assembly.stacks),
            path=path,
            message="code acknowledges this rule, and the register does not know of it",
            remedy="remove the acknowledgement; " + ACCEPT,
        )


def _seen(reports: Sequence[PluginReport], ours: Sequence[Finding]) -> set[tuple[str, str]]:
    told = {(entry.rule, entry.path) for plugin in reports for entry in plugin.entries}
    return told | {(finding.rule, finding.path) for finding in ours}


def _report_problem(verdict: str, message: str) -> Problem:
    return Problem(
        verdict=verdict, rule="", region="", path=report.FILE, message=message, remedy=AGAIN
    )
