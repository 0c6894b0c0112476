"""The report, arranged for reading: what both renderings show, in the order they show it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from naming import PRIMARY, STANDBY
from policies.finding import few
from policies.register import ROWS
from review.render import rights
from review.render.folding import folded

# What a resource is for, as a reader asks for it.
DATA, RIGHTS, RUNS, OTHER = "data", "rights", "runs", "other"
STORES = "stores replaced or removed"
# How a finding says what differs, after why that matters, and the resource after its lines.
VALUE = re.compile(r"(?:^|; )(?=it was |these (?:lines|values) )|(?=:\n)")
LOGICAL_ID = re.compile(r"(^|, )\S+ \(\S+\)$")

Row: TypeAlias = dict[str, Any]


def view(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the report, with every list sorted, grouped and merged for its readers."""
    accepted, changed = report["changes"]["acknowledged"], folded(report["changes"]["resources"])
    permitted = rights.changed(report)
    changing = {(row["region"], row["principal"]) for row in permitted}
    same = folded(row for row in report["iam"] if row["state"] == "unchanged")
    count = {what: len(names) for _, what, names in named(report, changed, permitted)}
    waived = [row for row in report["findings"] if row["waived"]]
    groups = grouped(report["verdict"]["reasons"])
    # What the change does with data and rights comes first.
    effects = [each for each in groups if each["part"] in (DATA, RIGHTS) and not each["why"]]
    lost = ", with data replaced or removed" if count[STORES] else ""
    return {
        **report,
        "green": report["verdict"]["colour"] == "green",
        "effects": effects,
        "reasons": [each for each in groups if each not in effects],
        "counts": {
            "stores": count[STORES],
            "permissions": sum(count[each] for each in rights.PERMISSIONS),
            "resources": len(changed),
        },
        "changed": {
            purpose: [row for row in changed if row["for"] == purpose]
            for purpose in (DATA, RIGHTS, RUNS, OTHER)
        },
        "rights": permitted,
        "primary": PRIMARY,
        "standby": STANDBY,
        "exception": f"By exception{lost}" if accepted else "",
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


def named(
    report: Mapping[str, Any], changed: Sequence[Row], permitted: Iterable[Row]
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield a part of the report, what there is in it to look at, and the names of it.

    Resources that are ``changed``, and changes in what is ``permitted``, are as it lists them: what
    both regions have alike is one.
    """
    goes = [each for each in changed if each["replacement"] != "no" or each["action"] == "removed"]
    stores = [each for each in goes if each["stateful"]]
    others = [each for each in changed if each not in stores and each["for"] != RIGHTS]
    new = (each for each in report["findings"] if each["state"] == "new" and each["waived"])
    guards = report["sources"]["guards"]
    yield DATA, STORES, _local(stores)
    yield from ((RIGHTS, what, each) for what, each in rights.told(permitted).items())
    yield RUNS, "resources changed", _local(others)
    yield "packages", "packages changed", [each["name"] for each in report["sbom"]["changed"]]
    yield "findings", "findings newly accepted", _local(folded(new))
    # Rows that accept come last: what they accept is more.
    files = sorted((each["file"] for each in guards["files"]), key=lambda file: ROWS in file)
    by = f", for {few(guards['owners'])} to review" if guards["owners"] else ""
    yield "guards", f"files that guard the gates{by}", files
    less = [each["name"] for each in guards["checks"] if each["state"] != "new"]
    yield "guards", "checks or tests gone or changed, or told to look away", less


def _local(rows: Iterable[Row]) -> list[str]:
    return [each["local"] for each in rows]


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
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text
