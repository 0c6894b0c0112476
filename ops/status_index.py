"""Items by status, from the index of all statuses.

A status alone would be one partition, so the index spreads it over shards. Each shard is in the
order of ``timestamp``; they are read side by side and merged. The index is eventually consistent,
so the latest writes may be missing, and an item has only the attributes that the index projects.

Accepted rows are in the index only if they were stored while the stack's ``statusIndex`` was
``all``: a row keeps the place, or none, that it was stored with.
"""

import heapq
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

import naming
from ops.errors import DENIED
from ops.items import Item, Key
from ops.region import Region
from services.processor.runtime.keys import ACCEPTED_SHARDS, SHARDS

FILE_STATUSES = ("PROCESSING", "SUSPENDED", "FAILED", "COMPLETED", "IGNORED")
ACCEPTED = "ACCEPTED"
ROW_STATUSES = (ACCEPTED, "REJECTED", "CORRECTED")
STATUSES = (*FILE_STATUSES, *ROW_STATUSES)
# What the index has of a file that quotes nothing of its contents.
NAMES = ("recordId", "timestamp", "status", "shard", "itemType", "dataset", "source")
_IN_SHARD = "#status = :status AND #shard = :shard"


def with_status(
    region: Region, status: str, *, since: str = "", newest_first: bool = False
) -> Iterator[Item]:
    """Yield every item with ``status``, of all shards and pages, in order of ``timestamp``.

    Pages are read on demand, so the first items of many are cheap. Items before ``since`` are left
    out.
    """
    when = (">=", since) if since else None
    return _merged(region, status, when, newest_first=newest_first)


def newest(region: Region, status: str, *, most: int, since: str = "") -> list[Item]:
    """Return the newest items with ``status``, at most ``most`` of each shard: one page of each.

    Items before ``since`` are left out. The order is that of the shards. Whoever may read only
    the ``NAMES`` of files gets items with those.
    """
    try:
        return _newest(region, status, most, since)
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        return _newest(region, status, most, since, NAMES)


def rows_with_status(region: Region, status: str, of_file: Key) -> Iterator[Item]:
    """Yield the items of a file's rows that have ``status``, as :func:`with_status` does.

    ``of_file`` is the key of the file's ledger entry; the order is not that of the rows.
    """
    found = _merged(region, status, ("=", of_file.timestamp))
    return (item for item in found if item["recordId"]["S"].startswith(f"{of_file.record_id}."))


def _newest(
    region: Region, status: str, most: int, since: str, attributes: Sequence[str] = ()
) -> list[Item]:
    when = (">=", since) if since else None
    query = region.client("dynamodb").query
    asked = [_query(region, status, shard, when, newest_first=True) for shard in range(SHARDS)]
    only = {"ProjectionExpression": ", ".join(f"#{name}" for name in attributes)}
    for each in asked if attributes else ():
        each["ExpressionAttributeNames"] |= {f"#{name}": name for name in attributes}
        each |= {**only, "Select": "SPECIFIC_ATTRIBUTES"}
    return [item for each in asked for item in query(**each, Limit=most)["Items"]]


def _merged(
    region: Region, status: str, when: tuple[str, str] | None, *, newest_first: bool = False
) -> Iterator[Item]:
    number = ACCEPTED_SHARDS if status == ACCEPTED else SHARDS
    shards = (
        _in_shard(region, status, shard, when, newest_first=newest_first) for shard in range(number)
    )
    return heapq.merge(*shards, key=lambda item: item["timestamp"]["S"], reverse=newest_first)


def _in_shard(
    region: Region, status: str, shard: int, when: tuple[str, str] | None, *, newest_first: bool
) -> Iterator[Item]:
    query = _query(region, status, shard, when, newest_first=newest_first)
    pages = region.client("dynamodb").get_paginator("query").paginate(**query)
    return (item for page in pages for item in page["Items"])


def _query(
    region: Region, status: str, shard: int, when: tuple[str, str] | None, *, newest_first: bool
) -> dict[str, Any]:
    condition = _IN_SHARD
    names = {"#status": "status", "#shard": "shard"}
    values = {":status": {"S": status}, ":shard": {"N": str(shard)}}
    if when:
        comparison, moment = when
        condition += f" AND #timestamp {comparison} :timestamp"
        names["#timestamp"] = "timestamp"
        values[":timestamp"] = {"S": moment}
    return {
        "TableName": region.table,
        "IndexName": naming.STATUS_INDEX,
        "KeyConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        "ScanIndexForward": not newest_first,
    }
