"""Which items have a status: asks all shards of ``status-index``, merges the answers in order."""

import heapq
import operator
from collections.abc import Iterator
from typing import Any

Table = Any  # of boto3, which ships no types

INDEX = "status-index"
SHARDS = range(16)
# A status in the index is spread over the shards by the processor.
IN_SHARD = "#status = :status AND #shard = :shard"
SINCE = " AND #timestamp >= :since"
NAMES = {"#status": "status", "#shard": "shard"}


def items_with_status(
    table: Table,
    status: str,
    *,
    since: str = "",
    newest_first: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield every item with ``status``, of all shards and pages, in order of ``timestamp``.

    Pages are read when they are needed, so the first items of many are cheap. With ``since``, only
    items whose timestamp is that or later. As with any index, the last moments' writes may be
    missing, and an item has the attributes that the index projects.
    """
    shards = (
        _items_of_shard(table, status, shard, since=since, newest_first=newest_first)
        for shard in SHARDS
    )
    return heapq.merge(*shards, key=operator.itemgetter("timestamp"), reverse=newest_first)


def _items_of_shard(
    table: Table,
    status: str,
    shard: int,
    *,
    since: str,
    newest_first: bool,
) -> Iterator[dict[str, Any]]:
    values: dict[str, str | int] = {":status": status, ":shard": shard}
    pages = table.meta.client.get_paginator("query").paginate(
        TableName=table.name,
        IndexName=INDEX,
        KeyConditionExpression=IN_SHARD + (SINCE if since else ""),
        ExpressionAttributeNames=NAMES | ({"#timestamp": "timestamp"} if since else {}),
        ExpressionAttributeValues=values | ({":since": since} if since else {}),
        ScanIndexForward=not newest_first,
    )
    for page in pages:
        yield from page["Items"]
