"""What is found in an assembly besides our own rules: by the packs, and by CDK itself."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from policies.finding import PROJECT, Finding
from policies.register import PLUGINS
from policies.templates import assembly
from policies.templates.template import StackTemplate, stack_of

FILE = "packs-report.json"
GATE, MISSING = "report", "missing-report"


def findings(folder: Path, stacks: Sequence[StackTemplate]) -> list[Finding]:
    """Return what is reported of ``stacks``, and what is wrong with the report itself.

    Of the latter is ``MISSING``: without a report the findings are unknown, which never counts as
    none.
    """
    file = folder / FILE
    if not file.exists():
        return [_of_report(MISSING, f"{file} is missing")]
    written = json.loads(file.read_text())
    found = [
        *((pack, *each) for pack, entries in written["packs"].items() for each in entries),
        *(entry for plugin in written["cdk"] for entry in _of_cdk(plugin)),
    ]
    missing = {*PLUGINS} - {PROJECT, *written["packs"]}
    flaws = [_of_report("incomplete-report", f"{pack} did not run") for pack in missing]
    if written["of"] != assembly.digest(stacks):
        flaws.append(_of_report("stale-report", "the report was made from other templates"))
    return [*flaws, *(_finding(*each, stacks=stacks) for each in found)]


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


def _of_report(rule: str, message: str) -> Finding:
    remedy = "synthesize again: make synth"
    return Finding(gate=GATE, rule=rule, path=FILE, message=message, remedy=remedy)
