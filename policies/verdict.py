"""The verdict on an assembly: its report, its templates and the register must agree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from policies import register_checks, rules, validation_report
from policies.assembly import Assembly
from policies.finding import PROJECT, Finding, Problem
from policies.register import Choices, Grant, Waiver, grants
from policies.register_checks import PLUGINS, plugin_of
from policies.template import StackTemplate, region_of
from policies.validation_report import PluginReport, ReportError

ACCEPT = "fix it, or accept exactly this finding in policies/waivers/<kind>.toml"
AGAIN = "synthesize again: make synth"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The problems of an assembly, and the findings that the register accepts in it."""

    problems: tuple[Problem, ...]
    granted: tuple[Grant, ...]
    stacks: int

    @property
    def green(self) -> bool:
        return not self.problems


def judge(assembly: Assembly, waivers: Sequence[Waiver], today: date) -> Verdict:
    """Return every problem, sorted; without a report, only those of the register itself."""
    stacks = assembly.stacks
    granted = grants(waivers, stacks, _choices(stacks))
    ours = rules.findings(stacks)
    problems = list(register_checks.unsound(waivers, today))
    try:
        reports = validation_report.read(assembly.folder)
    except ReportError as error:
        problems.append(_report_problem("missing report", str(error)))
    else:
        problems += _incomplete(reports, stacks)
        problems += _stale(reports, ours)
        problems += _open(reports, stacks)
        problems += _open_ours(ours, reports, granted)
        problems += _unregistered(assembly, reports, granted)
        problems += register_checks.unused(waivers, granted, _seen(reports, ours), stacks)
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


def _incomplete(
    reports: Sequence[PluginReport], stacks: Sequence[StackTemplate]
) -> Iterator[Problem]:
    by_plugin = {entry.plugin: entry for entry in reports}
    for plugin in PLUGINS:
        own = by_plugin.get(plugin)
        if own is None:
            if plugin != PROJECT:  # the project's rules run again here; a pack's cannot
                yield _report_problem("incomplete report", f"{plugin} did not run")
            continue
        for stack in stacks:
            if stack.path not in own.stacks:
                yield _report_problem("incomplete report", f"{plugin} did not check {stack.path}")
    for each in reports:
        if each.error:
            yield _report_problem("crashed rules", each.error)


def _stale(reports: Sequence[PluginReport], ours: Sequence[Finding]) -> Iterator[Problem]:
    reported = {
        (entry.rule, entry.path)
        for plugin in reports
        if plugin.plugin == PROJECT
        for entry in plugin.entries
    }
    if reported != {(finding.rule, finding.path) for finding in ours}:
        yield _report_problem("stale report", "the report was made from other templates")


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
    sources = {entry.path: entry.source for each in reports for entry in each.entries}
    for finding in ours:
        if (finding.rule, finding.path) not in accepted:
            yield Problem(
                verdict="finding",
                rule=finding.rule,
                region=finding.region,
                path=finding.path,
                message=finding.message,
                remedy=finding.remedy,
                source=sources.get(finding.path, ""),
            )


def _unregistered(
    assembly: Assembly, reports: Sequence[PluginReport], granted: Sequence[Grant]
) -> Iterator[Problem]:
    """Yield acknowledgements in code, by report or metadata, that the register does not have."""
    registered = {(f"{plugin_of(grant.finding)}::{grant.finding}", grant.path) for grant in granted}
    suppressed = {entry.acknowledged for each in reports for entry in each.entries} - {("", "")}
    written = {(each.id, each.path) for each in assembly.acknowledgments}
    for id_, path in (suppressed | written) - registered:
        yield Problem(
            verdict="unregistered waiver",
            rule=id_,
            region=region_of(path, assembly.stacks),
            path=path,
            message="code acknowledges this rule, but the register does not",
            remedy="remove the acknowledgement from the code; " + ACCEPT,
        )


def _seen(reports: Sequence[PluginReport], ours: Sequence[Finding]) -> set[tuple[str, str]]:
    reported = {(entry.rule, entry.path) for plugin in reports for entry in plugin.entries}
    return reported | {(finding.rule, finding.path) for finding in ours}


def _report_problem(verdict: str, message: str) -> Problem:
    return Problem(
        verdict=verdict,
        rule="",
        region="",
        path=validation_report.FILE,
        message=message,
        remedy=AGAIN,
    )
