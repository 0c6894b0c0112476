"""What is the same in both regions is read once."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

STAGE = re.compile(r"^([^/]+)/(?:primary|standby)/")
PLACE = ("region", "stack", "path", "logical_id", "source")


def local(path: str) -> str:
    """Construct path without the stage, which tells the copies apart, and CDK's own last part."""
    return STAGE.sub("", path).removesuffix("/Resource")


def folded(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Rows that differ in their region only, as one; ``regions`` names them."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        what = {key: value for key, value in row.items() if key not in PLACE}
        region = row["region"]
        key = repr((local(row["path"]), sorted(what.items()))).replace(region, "{region}")
        one = found.setdefault(key, {**row, "regions": [], "local": local(row["path"])})
        if region not in one["regions"]:
            one["regions"].append(region)
    return list(found.values())
