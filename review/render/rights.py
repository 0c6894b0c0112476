"""What changes in who may do what: a right on another condition is one row, and told with both."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from naming import REGIONS
from policies.templates.template import replaced
from review.render.folding import folded

PERMISSIONS = ("new permissions", "permissions on another condition", "permissions taken away")
# The beginning of a resource's name, of which only the region matters here.
ARN = re.compile(r"arn:aws:[\w-]*:([\w{}-]*):(?:\d{12})?:")
# The attributes of a table that a condition leaves to be read.
ATTRIBUTES = re.compile(r"dynamodb:Attributes=(\S+)")

Row: TypeAlias = dict[str, Any]
# A right but for its condition.
Grant: TypeAlias = tuple[str, ...]


def changed(report: Mapping[str, Any]) -> list[Row]:
    """Return what changes; a right on another condition is one row, with the one ``before``.

    So is one that each region has on both, which ``crosses``. ``reads`` are the attributes of an
    index that could not be read before.
    """
    rows = folded(row for row in report["iam"] if row["state"] != "unchanged")
    gone = {_grant(row): row["condition"] for row in rows if row["state"] == "removed"}
    come = {_grant(row) for row in rows if row["state"] == "new"}
    told = [row for row in rows if row["state"] == "new" or _grant(row) not in come]
    return _once([_compared(row, gone, report["indexes"]) for row in told])


def told(rows: Iterable[Row]) -> Mapping[str, Sequence[str]]:
    """Return the ``PERMISSIONS`` that change, in a sentence each."""
    found: dict[str, list[str]] = {each: [] for each in PERMISSIONS}
    new, otherwise, away = found.values()
    for row in (row for row in rows if row["effect"] != "deny"):
        of = away if row["state"] == "removed" else new if row["before"] is None else otherwise
        of.append(_spelled(row))
    return found


def _once(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, once if those of each region are alike in each other region as well."""
    # A sentence about another condition has neither of the two, which must be alike as well.
    spelled = [
        "\n".join((row["state"], row["condition"], row["before"] or "", _spelled(row)))
        for row in rows
    ]
    alike = [replaced(text, dict.fromkeys(REGIONS, "{region}")) for text in spelled]
    ways = Counter(alike)
    whole = len(REGIONS) * (len(REGIONS) - 1) + 1  # one stands for all in their own region
    return [
        {**row, "crosses": ways[way] == whole}
        for row, text, way in zip(rows, spelled, alike, strict=True)
        if ways[way] < whole or text == way
    ]


def _grant(row: Row) -> Grant:
    return (row["region"], row["effect"], row["principal"], row["resource"], *row["actions"])


def _compared(row: Row, gone: Mapping[Grant, str], indexes: Mapping[str, str]) -> Row:
    is_new = row["state"] == "new"
    before = gone.get(_grant(row)) if is_new else None
    there = next((of for name, of in indexes.items() if row["resource"].endswith(f"/{name}")), "")
    known, now = (ATTRIBUTES.findall(each or "") for each in (before, row["condition"]))
    more = (now[0] if now else there if known else "") if is_new else ""
    reads = sorted({*more.split(",")} - {*",".join(known).split(",")})
    told = {"index": there.replace(",", ", "), "reads": ", ".join(reads), "crosses": False}
    return {**row, "before": before, **told}


def _spelled(row: Row) -> str:
    """Return who may do what, and whether it is only the condition that is another."""
    resource = ARN.sub(r"\1 ", row["resource"]).strip()
    says = f"{row['principal']} may {' '.join(row['actions'])} on {resource}"
    says += ", and on the other region's," if row["crosses"] else ""
    if row["before"] is not None:
        says += " on another condition" if row["condition"] else " without a condition"
        says += f", so that it can now read {row['reads']}" if row["reads"] else ""
    elif row["condition"]:
        says += f" if {row['condition']}"
    return says.replace(row["region"], "{region}") if len(row["regions"]) > 1 else says
