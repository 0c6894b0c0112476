"""Stored items: by status, or all of them.

An item is as DynamoDB writes it, ``{"rowsRead": {"N": "1"}, …}``, so that it can be compared
exactly; :func:`plain` reads its values.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import naming
from ops.region import Region
from services.processor.runtime.keys import SHARDS

Item = dict[str, Any]

STATUSES = ("PROCESSING", "SUSPENDED", "FAILED", "COMPLETED", "ACCEPTED", "REJECTED")
_IN_SHARD = "#status = :status AND #shard = :shard"
_SINCE = " AND #timestamp >= :since"
# What global tables of version 2017 add to an item; it differs between the replicas.
_REPLICATION_PREFIX = "aws:rep:"


def with_status(
    region: Region, status: str, *, since: str = "", newest_first: bool = False
) -> Iterator[Item]:
    """Yield every item with ``status``, of all shards and pages, in order of ``timestamp``.

    Pages are read when they are needed, so the first items of many are cheap. With ``since``, only
    items whose timestamp is that or later. As with any index, the last moments' writes may be
    missing, and an item has the attributes that the index projects.
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


def stored(region: Region, *, since: str = "", attributes: Iterable[str] = ()) -> Iterator[Item]:
    """Yield every item of the table, read consistently, in no order: a census, a page at a time.

    With ``since``, only items whose timestamp is that or later; with ``attributes``, only these
    (a path such as ``source.row`` is one). What replication adds is left out.
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


def file_id(item: Item) -> str:
    """Return the id of the file that an item belongs to, whether its ledger entry or a record."""
    return str(item["recordId"]["S"]).partition(".")[0]


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Read an item's values: texts, exact numbers (``Decimal``), lists and dictionaries."""
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
