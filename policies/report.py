"""Reads ``validation-report.json``, which CDK writes into the assembly at each synthesis."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "validation-report.json"


class ReportError(Exception):
    """There is no report, so nothing is known; that is never the same as no findings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One rule against one construct. ``acknowledged`` is the id and the path that hold it back."""

    rule: str
    path: str
    message: str
    acknowledged: tuple[str, str]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginReport:
    plugin: str
    stacks: frozenset[str]
    error: str
    entries: tuple[Entry, ...]


def read(folder: Path) -> list[PluginReport]:
    """What each plugin said; raise ``ReportError`` when nothing was written."""
    try:
        written = json.loads((folder / FILE).read_text())
    except FileNotFoundError:
        raise ReportError(f"{folder / FILE} is missing") from None
    return [_plugin(body) for body in written["pluginReports"]]


def _plugin(body: Mapping[str, Any]) -> PluginReport:
    metadata = body.get("metadata") or {}
    return PluginReport(
        plugin=body["pluginName"],
        stacks=frozenset(metadata.get("stacks", "").split()),
        error=metadata.get("error", ""),
        entries=tuple(_entries(body)),
    )


def _entries(body: Mapping[str, Any]) -> Iterator[Entry]:
    for key in ("violations", "suppressedViolations"):
        for violation in body.get(key) or []:
            by = (violation.get("acknowledgedId", ""), violation.get("acknowledgedAt", ""))
            for place in violation["violatingConstructs"]:
                yield Entry(
                    rule=violation["ruleName"],
                    path=place["constructPath"],
                    message=violation["description"],
                    acknowledged=by,
                    source=_source(place.get("stackTraces") or []),
                )


def _source(traces: list[str]) -> str:
    """The line of ours that made the construct; known when JSII_HOST_STACK_TRACES=1 was set."""
    frames = re.findall(r"\((/.+?\.py):(\d+)\)", "\n".join(traces))
    ours = (f"{_relative(file)}:{line}" for file, line in frames if "site-packages" not in file)
    return next(ours, "")


def _relative(file: str) -> str:
    return file.removeprefix(f"{Path.cwd()}/")
