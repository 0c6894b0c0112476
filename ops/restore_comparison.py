"""A restored table compared with the one in use: how many items, and a sample of them.

Compared are the items of files that were put a while before the restored moment, as later ones may
not be in it. A newer file may have replaced an item since then, and an item may have been removed:
so the restored table may have more of them, but none may be missing.

Both tables are read to a limit. If one has more, the counts say nothing, and the sample decides.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ops import items
from ops.items import Item, Key
from ops.region import Region
from services.processor.runtime.attributes import utc_ms

SAMPLED = 1_000
MOST_READ = 100_000
# A correction marks an item, and the time to live is the table's own.
_MAY_CHANGE = ("status", "correctedBy")


@dataclass(kw_only=True)
class Comparison:
    """What a comparison has found; ``is_whole`` unless a table has more items than were read."""

    live: int = 0
    restored: int = 0
    is_whole: bool = True
    sampled: int = 0
    missing: list[Key] = field(default_factory=list)
    different: list[Key] = field(default_factory=list)

    @property
    def problem(self) -> str:
        """Return what is wrong with the restored table, empty if nothing is."""
        if self.missing or self.different:
            key = " at ".join((*self.missing, *self.different)[0])
            return (
                f"of {self.sampled:,} items, {len(self.missing):,} are missing and "
                f"{len(self.different):,} differ, such as {key}"
            )
        if self.is_whole and self.restored < self.live:
            return f"it has {self.restored:,} of {self.live:,} items"
        return ""

    @property
    def unknown(self) -> str:
        """Return why nothing was compared, empty if something was."""
        return "" if self.sampled else "no item is old enough to be compared"

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "items": self.live,
            "restoredItems": self.restored,
            "countsAreWhole": self.is_whole,
            "sampled": self.sampled,
            "missing": len(self.missing),
            "different": len(self.different),
            "problem": self.problem or None,
            "unknown": self.unknown or None,
        }


def compare(
    live: Region,
    restored: Region,
    before: datetime,
    progressed: Callable[[int], object],
    most: int = MOST_READ,
) -> Comparison:
    """Compare the items of files put before a moment, of each table about ``most`` of them.

    ``progressed`` is called with the number of items read.
    """
    comparison, sample = Comparison(), _Sample(SAMPLED)
    for page in _old(live, before, most, progressed, comparison):
        comparison.live += len(page)
        sample.add(page)
    for page in _old(restored, before, most, progressed, comparison):
        comparison.restored += len(page)
    found = {items.key_of(each): each for each in items.read_many(restored, sample.keys)}
    for item in items.read_many(live, sample.keys):
        if item.get("precedence", {"S": ""})["S"] >= utc_ms(before):
            continue  # replaced while this was running
        comparison.sampled += 1
        key = items.key_of(item)
        if key not in found:
            comparison.missing.append(key)
        elif _lasting(found[key]) != _lasting(item):
            comparison.different.append(key)
    return comparison


class _Sample:
    """Keeps so many keys of all that are added, each with the same chance."""

    def __init__(self, size: int) -> None:
        self.keys: list[Key] = []
        self._size = size
        self._seen = 0
        self._random = random.Random()  # noqa: S311  # it protects nothing

    def add(self, page: list[Item]) -> None:
        for item in page:
            self._seen += 1
            if len(self.keys) < self._size:
                self.keys.append(items.key_of(item))
            elif (place := self._random.randrange(self._seen)) < self._size:
                self.keys[place] = items.key_of(item)


def _old(
    region: Region,
    before: datetime,
    most: int,
    progressed: Callable[[int], object],
    comparison: Comparison,
) -> Iterator[list[Item]]:
    """Yield pages of the keys of old items, until about ``most`` items have been read."""
    pages = (
        region.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=region.table,
            ProjectionExpression="recordId, #timestamp",
            # A record's timestamp may be a moment of its own, and a file has no precedence.
            FilterExpression="precedence < :before OR (itemType = :file AND #timestamp < :before)",
            ExpressionAttributeNames={"#timestamp": "timestamp"},
            ExpressionAttributeValues={":before": {"S": utc_ms(before)}, ":file": {"S": "FILE"}},
        )
    )
    read = 0
    for page in pages:
        read += page["ScannedCount"]
        progressed(page["ScannedCount"])
        yield page["Items"]
        if read >= most and "LastEvaluatedKey" in page:
            comparison.is_whole = False
            return


def _lasting(item: Item) -> Item:
    own = items.own_attributes(item)
    return {name: value for name, value in own.items() if name not in _MAY_CHANGE}
