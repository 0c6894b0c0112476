"""The report, arranged for reading: what both renderings show, in the order they show it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from naming import PRIMARY, STANDBY
from review.render import rights
from review.render.folding import folded

# What a resource is for, as a reader asks for it.
DATA, RIGHTS, RUNS, OTHER = "data", "rights", "runs", "other"
# How a finding says what differs, after why that matters, and the resource after its lines.
VALUE = re.compile(r"(?:^|; )(?=it was |these (?:lines|values) )|(?=:\n)")
LOGICAL_ID = re.compile(r"(^|, )\S+ \(\S+\)$")

Row: TypeAlias = dict[str, Any]


def view(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the report, with every list sorted, grouped and merged for its readers."""
    accepted, changed = report["changes"]["acknowledged"], folded(report["changes"]["resources"])
    permitted, stores = rights.changed(report), stores_that_go(changed)
    changing = {(row["region"], row["principal"]) for row in permitted}
    same = folded(row for row in report["iam"] if row["state"] == "unchanged")
    waived = [row for row in report["findings"] if row["waived"]]
    groups = grouped(report["verdict"]["reasons"])
    # What the change does with data and rights comes first.
    effects = [each for each in groups if each["part"] in (DATA, RIGHTS) and not each["why"]]
    lost = ", with data replaced or removed" if stores else ""
    return {
        **report,
        "green": report["verdict"]["colour"] == "green",
        "effects": effects,
        "reasons": [each for each in groups if each not in effects],
        "stores": stores,
        "resources": changed,
        "changed": {
            purpose: [row for row in changed if row["for"] == purpose]
            for purpose in (DATA, RIGHTS, RUNS, OTHER)
        },
        "rights": permitted,
        "primary": PRIMARY,
        "standby": STANDBY,
        "exception": f"With exceptions{lost}" if accepted else "",
        "rights_beside": [row for row in same if (row["region"], row["principal"]) in changing],
        "rights_same": same,
        "decided": _by_decision(accepted),
        "newly": _by_decision(row for row in waived if row["state"] == "new"),
        "waived": _by_decision(row for row in waived if row["state"] == "unchanged"),
    }


def _by_decision(rows: Iterable[Row]) -> list[Row]:
    """Group accepted findings by the decision to accept them: a file of the register."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.get("waiver", row)["kind"]].append(row)
    return [
        {
            "kind": kind.replace("_", " "),
            "by": group[0].get("waiver", group[0]),
            "rows": folded(group),
            "count": len(group),
        }
        for kind, group in sorted(groups.items())
    ]


def stores_that_go(changed: Iterable[Row]) -> list[Row]:
    """Return what holds data and is replaced or removed."""
    goes = (each for each in changed if each["replacement"] != "no" or each["action"] == "removed")
    return [each for each in goes if each["stateful"]]


def grouped(reasons: Iterable[Row]) -> list[Row]:
    """Merge the reasons of both regions, and then of one rule, which is told once.

    A row ``says`` a sentence, and perhaps ``more`` and a ``value``; its ``source`` are lines.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in folded(reasons):
        kind, _, exact = row["rule"].partition("[")
        group = groups.setdefault((kind or row["says"], row["do"], row["why"]), [])
        # Of a value that changes, its place: what it was and becomes is said beside it.
        what = exact.removesuffix("]").partition(" ")[0] if " -> " in exact else exact[:-1]
        # A contract's version is told beside what changes in its data.
        what = "" if what.isdigit() else what
        lines = LOGICAL_ID.sub("", row["source"])
        lines = "" if lines == row["at"] else lines  # its place says as much
        says, *value = VALUE.split(row["says"], maxsplit=1)
        says, _, more = says.partition(": ") if kind else (says, "", "")
        told = {"says": _sentence(says), "more": more, "value": "".join(value)}
        group.append({**row, **told, "kind": kind, "exact": what, "source": lines})
    return [{**rows[0], "rows": rows} for rows in groups.values()]


def _sentence(text: str) -> str:
    """Return a text with a capital letter, unless it begins with a name."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].rstrip(",").isalpha() else text
