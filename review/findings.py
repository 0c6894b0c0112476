"""The findings of every pack and rule, compared with the base: new, unchanged or fixed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias

from policies import rules, validation_report
from policies.finding import Finding
from policies.gate import why
from policies.register import Waiver
from policies.templates.template import StackTemplate

# Finding by rule, region and path.
Rows: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, Any]]
NEW, UNCHANGED, FIXED = "new", "unchanged", "fixed"


def read(
    folder: Path | None,
    stacks: Sequence[StackTemplate],
    accepted: Iterable[tuple[Finding, Waiver]] = (),
) -> Rows | None:
    """Return the findings in ``folder``, or None if there is no report."""
    if not folder or not (folder / validation_report.FILE).exists():
        return None
    reasons = {(finding.rule, finding.path): why(waiver) for finding, waiver in accepted}
    rows: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for each in (*validation_report.findings(folder, stacks), *rules.findings(stacks)):
        if each.gate != validation_report.GATE:
            waiver = reasons.get((each.rule, each.path))
            said = {"waived": waiver is not None, "waiver": waiver}
            rows[each.rule, each.region, each.path] = {**asdict(each), **said}
    return rows


def compared(now: Rows, base: Rows | None) -> list[dict[str, Any]]:
    """Return every finding with its ``state``, new ones first.

    Without a base all are unchanged.
    """
    before = now if base is None else base
    rows = [{"state": UNCHANGED if key in before else NEW, **row} for key, row in now.items()]
    rows += [{"state": FIXED, **before[key]} for key in before.keys() - now.keys()]
    order = (NEW, FIXED, UNCHANGED)
    by = ("waived", "rule", "region", "path")
    return sorted(rows, key=lambda row: (order.index(row["state"]), *(row[name] for name in by)))
