"""Rows of the report, told once for both regions, and reasons, told once for each rule."""

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from naming import REGIONS, stage

STAGE = re.compile(rf"^([^/]+)/({'|'.join(map(stage, REGIONS))})/")
# These differ between the regions' copies of one row.
PLACE = ("region", "stack", "path", "at", "logical_id", "source")
# How a finding says what a value was, after why that matters, and the resource after its lines.
VALUE, LOGICAL_ID = re.compile(r"(?:^|; )(?=it was )"), re.compile(r"(^|, )\S+ \(\S+\)$")

Row: TypeAlias = dict[str, Any]


def folded(rows: Iterable[Row]) -> list[Row]:
    """Merge rows that differ in their region only; ``regions`` names the regions of each."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        what = {key: value for key, value in row.items() if key not in PLACE}
        region, local = row["region"], _local(row.get("path") or row.get("at", ""))
        key = repr((local, sorted(what.items())))
        key = key.replace(region, "{region}") if region else key
        one = found.setdefault(key, {**row, "regions": [], "local": local})
        if region and region not in one["regions"]:
            one["regions"].append(region)
    return list(found.values())


def grouped(reasons: Iterable[Row]) -> list[Row]:
    """Merge the reasons of both regions, and then of one rule, which is told once.

    What a row ``says`` and its ``source`` are empty where the row before has the same.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in folded(reasons):
        kind, _, exact = row["rule"].partition("[")
        group = groups.setdefault((kind or row["says"], row["do"], row["why"]), [])
        # Of a value that changes, its place: what it was and becomes is said beside it.
        what = exact.removesuffix("]").partition(" ")[0] if " -> " in exact else exact[:-1]
        # A contract's version is told beside what changes in its data.
        what = "" if what.isdigit() else what
        says, *value = VALUE.split(row["says"], maxsplit=1)
        says, _, more = says.partition(": ") if kind else (says, "", "")
        told = {"sentence": _sentence(says), "details": more, "lines": _lines(row)}
        known = group[-1] if group else {}
        new = {name: "" if text == known.get(name) else text for name, text in told.items()}
        group.append(
            {**row, **told, "kind": kind, "exact": what, "value": "".join(value)}
            | {"says": new["sentence"], "more": new["details"], "source": new["lines"]}
        )
    return [{**rows[0], "rows": rows} for rows in groups.values()]


def _sentence(text: str) -> str:
    """Return a text with a capital letter, unless it begins with a name."""
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text


def _lines(row: Row) -> str:
    """Return the lines that made what a reason is about, unless its place says as much."""
    lines = LOGICAL_ID.sub("", row["source"])
    return "" if lines == row["at"] else lines


def _local(path: str) -> str:
    """Return a construct path without the stage and without the last part that CDK adds."""
    return STAGE.sub("", path).removesuffix("/Resource")
