"""The findings of every pack and rule, compared with the base: new, unchanged or fixed."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TypeAlias

from policies.finding import PROJECT
from policies.gate import Verdict, why
from policies.register import PLUGINS
from policies.validation_report import MISSING

# Finding by rule, region and path.
Rows: TypeAlias = Mapping[tuple[str, str, str], Mapping[str, Any]]
NEW, UNCHANGED, FIXED = "new", "unchanged", "fixed"


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
    """Return every finding with its ``state``, new ones first.

    Without a base all are unchanged.
    """
    before = now if base is None else base
    rows = [{"state": UNCHANGED if key in before else NEW, **row} for key, row in now.items()]
    gone = [before[key] for key in before.keys() - now.keys()]
    # By this commit's declarations, a role of the base may do too much or too little.
    rows += [{"state": FIXED, **row} for row in gone if row["gate"] != PROJECT]
    order = (NEW, FIXED, UNCHANGED)
    by = ("waived", "rule", "region", "path")
    return sorted(rows, key=lambda row: (order.index(row["state"]), *(row[name] for name in by)))
