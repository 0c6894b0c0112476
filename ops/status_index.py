"""Which items have a status: ``python -m ops.status_index FAILED``.

Asks all shards of ``status-index`` and merges the answers in order of time. Reads only.
"""

import argparse
import heapq
import json
import operator
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

Table = Any  # of boto3, which ships no types

TABLE = "serverless-processed-data-prod"
INDEX = "status-index"
STATUSES = ("PROCESSING", "SUSPENDED", "FAILED", "COMPLETED", "ACCEPTED", "REJECTED")
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


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ops.status_index", description=__doc__)
    parser.add_argument("status", choices=STATUSES)
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--since", default="", help="only from this time on: 2026-11-01T00:00:00Z")
    parser.add_argument("--limit", type=int, default=100, help="the newest so many (default: 100)")
    parser.add_argument("--json", action="store_true", help="print each item whole, one a line")
    options = parser.parse_args(arguments)
    table = boto3.resource("dynamodb", region_name=options.region).Table(TABLE)
    found = items_with_status(table, options.status, since=options.since, newest_first=True)
    try:
        items = list(islice(found, options.limit))
    except (BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for item in items:
        print(json.dumps(item, default=str) if options.json else _line(item))
    more = ", the newest; --limit asks for more" if len(items) == options.limit else ""
    print(f"{len(items)} with {options.status} in {options.region}{more}", file=sys.stderr)
    return 0


def _line(item: Mapping[str, Any]) -> str:
    """When, which, from where, and why; a row's key is that of its file."""
    source = item["source"]
    row = f" row {source['row']}" if "row" in source else ""
    reason = item.get("failure") or item.get("error") or {}
    why = " ".join(str(reason[name]) for name in ("code", "field", "message") if name in reason)
    where = f"{source['bucket']}/{source['key']}{row} version {source['version']}"
    return f"{item['timestamp']}  {item['recordId']}  {where}  {why}".rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
