"""The findings of every pack and rule, compared with the base: new or unchanged."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from policies.gate import Verdict, why
from policies.register import PLUGINS
from policies.validation_report import MISSING

# Finding by rule, region and path.
Rows: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, Any]]
NEW, UNCHANGED = "new", "unchanged"


def read(verdict: Verdict) -> Rows | None:
    """Return what packs and rules find, with why it is accepted; None if there is no report."""
    if any(each.rule == MISSING for each in verdict.findings):
        return None
    found = dict.fromkeys(verdict.findings) | {each: why(row) for each, row in verdict.accepted}
    return {
        (each.rule, each.region, each.path): {**asdict(each), "waived": bool(row), "waiver": row}
        for each, row in found.items()
        if each.gate in PLUGINS
    }


def compared(now: Rows, base: Rows | None) -> list[dict[str, Any]]:
    """Return every finding with its ``state``, new ones first; unchanged if there is no base."""
    before = now if base is None else base
    rows = [{"state": UNCHANGED if key in before else NEW, **row} for key, row in now.items()]
    by = ("state", "waived", "rule", "region", "path")
    return sorted(rows, key=lambda row: [row[name] for name in by])
