"""``validation-report.json``, which CDK writes into the assembly at each synthesis."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.finding import Finding
from policies.templates.source_lines import source_line
from policies.templates.template import StackTemplate, stack_of

FILE = "validation-report.json"


class ReportError(Exception):
    """There is no report, so the findings are unknown, which never counts as none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One finding, with the id and the path of the acknowledgement that suppresses it, if any."""

    finding: Finding
    acknowledged: tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginReport:
    """What one plugin reports, which stacks CDK gave it, and the error it failed with, if any."""

    plugin: str
    stacks: frozenset[str]
    error: str
    entries: tuple[Entry, ...]


def read(folder: Path, stacks: Sequence[StackTemplate]) -> list[PluginReport]:
    """Return the report of each plugin on ``stacks``; raise ``ReportError`` if there is no file."""
    try:
        written = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise ReportError(f"{folder / FILE} is missing") from None
    return [_plugin(body, stacks) for body in written["pluginReports"]]


def _plugin(body: Mapping[str, Any], stacks: Sequence[StackTemplate]) -> PluginReport:
    metadata = body.get("metadata") or {}
    return PluginReport(
        plugin=body["pluginName"],
        stacks=frozenset(metadata.get("stacks", "").split()),
        error=metadata.get("error", ""),
        entries=tuple(_entries(body, stacks)),
    )


def _entries(body: Mapping[str, Any], stacks: Sequence[StackTemplate]) -> Iterator[Entry]:
    for key in ("violations", "suppressedViolations"):
        for violation in body.get(key) or []:
            by = (violation.get("acknowledgedId", ""), violation.get("acknowledgedAt", ""))
            for place in violation["violatingConstructs"]:
                stack = stack_of(place["constructPath"], stacks)
                found = Finding(
                    gate=body["pluginName"],
                    rule=violation["ruleName"],
                    region=stack.region if stack else "",
                    path=place["constructPath"],
                    message=violation["description"],
                    source=source_line(place.get("stackTraces") or []),
                )
                yield Entry(finding=found, acknowledged=by)
