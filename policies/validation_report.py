"""What is found in an assembly besides our own rules: by the packs, and by CDK itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.finding import Finding
from policies.templates import assembly
from policies.templates.template import StackTemplate, stack_of

FILE = "packs-report.json"


class ReportError(Exception):
    """There is no report, so the findings are unknown, which never counts as none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """The findings, the packs that ran, and whether it was on the same templates."""

    findings: tuple[Finding, ...]
    packs: frozenset[str]
    current: bool


def read(folder: Path, stacks: Sequence[StackTemplate]) -> Report:
    """Return what is reported of ``stacks``; raise ``ReportError`` if there is no file."""
    try:
        written = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise ReportError(f"{folder / FILE} is missing") from None
    found = [
        *((pack, *each) for pack, entries in written["packs"].items() for each in entries),
        *(entry for plugin in written["cdk"] for entry in _of_cdk(plugin)),
    ]
    return Report(
        findings=tuple(_finding(*each, stacks=stacks) for each in found),
        packs=frozenset(written["packs"]),
        current=written["of"] == assembly.digest(stacks),
    )


def _of_cdk(plugin: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what CDK reports, acknowledged or not."""
    name = plugin["pluginName"]
    for violation in (plugin.get("violations") or []) + (plugin.get("suppressedViolations") or []):
        for place in violation["violatingConstructs"]:
            yield name, violation["ruleName"], place["constructPath"], violation["description"]


def _finding(
    gate: str, rule: str, path: str, message: str, *, stacks: Sequence[StackTemplate]
) -> Finding:
    stack = stack_of(path, stacks)
    return Finding(
        gate=gate,
        rule=rule,
        region=stack.region if stack else "",
        path=path,
        message=message,
        source=stack.sources.get(path, "") if stack else "",
    )
