"""Stored items: by status, or all of them.

An item has DynamoDB's own form, ``{"rowsRead": {"N": "1"}, …}``, so that it can be compared
exactly; :func:`plain` converts its values.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import naming
from ops.region import Region
from services.processor.runtime import keys
from services.processor.runtime.keys import SHARDS

Item = dict[str, Any]

STATUSES = ("PROCESSING", "SUSPENDED", "FAILED", "COMPLETED", "ACCEPTED", "REJECTED")
_IN_SHARD = "#status = :status AND #shard = :shard"
_SINCE = " AND #timestamp >= :since"
# Version 2017 of global tables adds these attributes; they differ between the replicas.
_REPLICATION_PREFIX = "aws:rep:"


def with_status(
    region: Region, status: str, *, since: str = "", newest_first: bool = False
) -> Iterator[Item]:
    """Yield every item with ``status``, of all shards and pages, in order of ``timestamp``.

    Pages are read on demand, so the first items of many are cheap. Items before ``since`` are left
    out. The latest writes may be missing, because the index is eventually consistent, and an item
    has only the attributes that the index projects.
    """
    shards = (
        _in_shard(region, status, shard, since, newest_first=newest_first)
        for shard in range(SHARDS)
    )
    return heapq.merge(*shards, key=lambda item: item["timestamp"]["S"], reverse=newest_first)


def _in_shard(
    region: Region, status: str, shard: int, since: str, *, newest_first: bool
) -> Iterator[Item]:
    names = {"#status": "status", "#shard": "shard"}
    values = {":status": {"S": status}, ":shard": {"N": str(shard)}}
    pages = (
        region.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=region.table,
            IndexName=naming.STATUS_INDEX,
            KeyConditionExpression=_IN_SHARD + (_SINCE if since else ""),
            ExpressionAttributeNames=names | ({"#timestamp": "timestamp"} if since else {}),
            ExpressionAttributeValues=values | ({":since": {"S": since}} if since else {}),
            ScanIndexForward=not newest_first,
        )
    )
    return (item for page in pages for item in page["Items"])


def read(region: Region, record_id: str, timestamp: str) -> Item:
    """Read one item, consistently; an empty one if it does not exist."""
    key = {"recordId": {"S": record_id}, "timestamp": {"S": timestamp}}
    found = region.client("dynamodb").get_item(TableName=region.table, Key=key, ConsistentRead=True)
    item: Item = found.get("Item", {})
    return item


def stored(region: Region, *, since: str = "", attributes: Iterable[str] = ()) -> Iterator[Item]:
    """Yield every item of the table in no particular order, from a consistent scan.

    Items before ``since`` are left out, and so are the attributes that replication adds. If
    ``attributes`` are given (paths such as ``source.row``), an item has no others.
    """
    paths = [tuple(f"#{name}" for name in path.split(".")) for path in attributes]
    names = {name: name[1:] for path in paths for name in path}
    options: dict[str, Any] = {}
    if since:
        names["#timestamp"] = "timestamp"
        options["FilterExpression"] = "#timestamp >= :since"
        options["ExpressionAttributeValues"] = {":since": {"S": since}}
    if paths:
        options["ProjectionExpression"] = ", ".join(".".join(path) for path in paths)
    if names:
        options["ExpressionAttributeNames"] = names
    pages = (
        region.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=region.table, ConsistentRead=True, **options)
    )
    for page in pages:
        yield from page["Items"]


def own_attributes(item: Item) -> Item:
    """Return the item without what replication adds to it, which differs between the regions."""
    return {name: v for name, v in item.items() if not name.startswith(_REPLICATION_PREFIX)}


def file_id(item: Mapping[str, Any]) -> str:
    """Return the id of the file that an item, given with plain values, is from; else nothing.

    A record has an id of its own, and the file that it is from is the one that brought it last.
    """
    source = item.get("source")
    return keys.file_id(source["bucket"], source["key"], source["version"]) if source else ""


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's values as strings, exact numbers (``Decimal``), lists and dictionaries."""
    return {name: _value(tagged) for name, tagged in item.items()}


def _value(tagged: Mapping[str, Any]) -> Any:
    [(kind, value)] = tagged.items()
    match kind:
        case "N":
            return Decimal(value)
        case "M":
            return plain(value)
        case "L":
            return [_value(each) for each in value]
        case "NULL":
            return None
    return value
