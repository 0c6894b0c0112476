"""What changes in who may do what: a right on another condition is one row, and told with both."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from naming import REGIONS
from policies.templates.template import replaced
from review.render.folding import folded

# The beginning of a resource's name, of which only the region matters here.
ARN = re.compile(r"arn:aws:[\w-]*:([\w{}-]*):(?:\d{12})?:")

Row: TypeAlias = dict[str, Any]


def changed(iam: Iterable[Row]) -> list[Row]:
    """Return what changes; a right on another condition is one row, with the one ``before``."""
    rows = folded(row for row in iam if row["state"] != "unchanged")
    gone = {(row["effect"], _grant(row)): row for row in rows if row["state"] == "removed"}
    come = {(row["effect"], _grant(row)) for row in rows if row["state"] == "new"}
    return [
        {**row, "before": gone.get((row["effect"], _grant(row)), {}).get("condition")}
        for row in rows
        if row["state"] == "new" or (row["effect"], _grant(row)) not in come
    ]


def told(iam: Iterable[Row]) -> tuple[list[str], list[str]]:
    """Return the new permissions, and those that are taken away, each in a sentence."""
    rows = folded(row for row in iam if row["effect"] != "deny")
    granted, removed = ([row for row in rows if row["state"] == of] for of in ("new", "removed"))
    before, now = ({_grant(row): row for row in side} for side in (removed, granted))
    gone = [row for row in removed if _grant(row) not in now]
    return (
        _once([_spelled(row, before.get(_grant(row))) for row in granted]),
        _once([_spelled(row) for row in gone]),
    )


def _once(rights: Sequence[str]) -> list[str]:
    """Return the rights, once if those of each region are alike in each other region as well."""
    alike = {each: replaced(each, dict.fromkeys(REGIONS, "{region}")) for each in rights}
    ways = Counter(alike.values())
    whole = len(REGIONS) * (len(REGIONS) - 1) + 1  # one stands for all in their own region
    return [each for each in rights if ways[alike[each]] < whole or each == alike[each]]


def _grant(row: Row) -> tuple[str, ...]:
    return (row["region"], row["principal"], row["resource"], *row["actions"])


def _spelled(row: Row, before: Row | None = None) -> str:
    """Return who may do what, and on which condition; also that of the base, if that is another."""
    resource = ARN.sub(r"\1 ", row["resource"]).strip()
    says = f"{row['principal']} may {' '.join(row['actions'])} on {resource}"
    says += f" if {row['condition']}" if row["condition"] else ""
    if before:
        says += f"{'' if row['condition'] else ' on no condition'}, before "
        says += f"only if {before['condition']}" if before["condition"] else "on none"
    return says.replace(row["region"], "{region}") if len(row["regions"]) > 1 else says
