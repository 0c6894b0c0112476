"""What both regions have alike, as one row."""

import re
from collections.abc import Iterable
from typing import Any

from naming import REGIONS, stage

STAGE = re.compile(rf"^([^/]+)/({'|'.join(map(stage, REGIONS))})/")
# These differ between the regions' copies of one row.
PLACE = ("region", "stack", "path", "at", "logical_id", "source")


def folded(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Merge rows that differ in their region only; ``regions`` names the regions of each."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        what = {key: value for key, value in row.items() if key not in PLACE}
        region, place = row["region"], STAGE.sub("", row.get("path") or row.get("at", ""))
        local = place.removesuffix("/Resource")  # which CDK adds
        key = repr((local, sorted(what.items())))
        key = key.replace(region, "{region}") if region else key
        one = found.setdefault(key, {**row, "regions": [], "local": local})
        if region and region not in one["regions"]:
            one["regions"].append(region)
    return list(found.values())
