"""``validation-report.json``, which CDK writes into the assembly at each synthesis."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = "validation-report.json"


class ReportError(Exception):
    """There is no report, so the findings are unknown, which never counts as none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One rule's finding on one construct.

    ``acknowledged`` holds the id and the path of the acknowledgement that suppresses it.
    """

    rule: str
    path: str
    message: str
    acknowledged: tuple[str, str]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginReport:
    """What one plugin reports, which stacks CDK gave it, and the error it failed with, if any."""

    plugin: str
    stacks: frozenset[str]
    error: str
    entries: tuple[Entry, ...]


def read(folder: Path) -> list[PluginReport]:
    """Return the report of each plugin; raise ``ReportError`` if there is no file."""
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
    """Return the line of our code that made the construct.

    Empty unless the app was synthesized with JSII_HOST_STACK_TRACES=1.
    """
    frames = re.findall(r"\((/.+?\.py):(\d+)\)", "\n".join(traces))
    ours = (f"{_relative(file)}:{line}" for file, line in frames if "site-packages" not in file)
    return next(ours, "")


def _relative(file: str) -> str:
    return file.removeprefix(f"{Path.cwd()}/")
