"""Counts what is stored, item by item, independently of what the files' accounts say."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from local.demo.delivery import Delivery
from local.demo.regions import Region


@dataclass(slots=True)
class Census:
    """The items of one file in one region; ``rejected`` has reason codes by row."""

    account: Mapping[str, Any] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    rejected: dict[int, str] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def items(self) -> int:
        return self.statuses.total()

    def add(self, item: Mapping[str, Any]) -> None:
        if item["itemType"] == "FILE":
            self.account = item
            return
        self.statuses[item["status"]] += 1
        if error := item.get("error"):
            self.rejected[int(item["source"]["row"])] = error["code"]
            self.reasons[" ".join(filter(None, (error["code"], error.get("field"))))] += 1


def take(region: Region, deliveries: Collection[Delivery]) -> dict[str, Census]:
    """One scan for all of them; a census by file id."""
    found = {delivery.file_id: Census() for delivery in deliveries}
    pages = region.table.meta.client.get_paginator("scan").paginate(
        TableName=region.table.name,
        ConsistentRead=True,
        FilterExpression="#timestamp >= :oldest",
        ProjectionExpression="recordId, itemType, #status, #source.#row, #error, failure, "
        "rowsRead, rowsAccepted, rowsRejected, itemsWritten",
        ExpressionAttributeNames={
            f"#{name}": name for name in ("timestamp", "status", "source", "row", "error")
        },
        ExpressionAttributeValues={":oldest": min(d.timestamp for d in deliveries)},
    )
    for page in pages:
        for item in page["Items"]:
            file_id = item["recordId"].partition(".")[0]
            if file_id in found:
                found[file_id].add(item)
    return found
