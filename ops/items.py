"""Stored items: by their keys, by id, or all of them; by status, see ``ops/status_index.py``.

An item has DynamoDB's own form, ``{"rowsRead": {"N": "1"}, …}``, so that it can be compared
exactly; :func:`plain` converts its values.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from ops.region import Region
from ops.waiting import wait_for
from services.processor.runtime import keys

Item = dict[str, Any]

# The note of an erased record; it has no status and comes from no file.
AUDIT = "AUDIT"
_MOST_READ = 100  # by one BatchGetItem, DynamoDB's limit
_READ_WITHIN_S = 60.0
# Version 2017 of global tables adds these attributes; they differ between the replicas.
_REPLICATION_PREFIX = "aws:rep:"


class Key(NamedTuple):
    """The primary key of an item."""

    record_id: str
    timestamp: str

    @property
    def attributes(self) -> Item:
        """Return the key as DynamoDB takes it."""
        return {"recordId": {"S": self.record_id}, "timestamp": {"S": self.timestamp}}


def key_of(item: Item) -> Key:
    """Return the primary key of an item."""
    return Key(item["recordId"]["S"], item["timestamp"]["S"])


def read(region: Region, record_id: str, timestamp: str) -> Item:
    """Read one item, consistently; an empty one if it does not exist."""
    key = Key(record_id, timestamp).attributes
    found = region.client("dynamodb").get_item(TableName=region.table, Key=key, ConsistentRead=True)
    item: Item = found.get("Item", {})
    return item


def with_id(region: Region, record_id: str) -> Iterator[Item]:
    """Yield every item with the id, from a consistent read, in order of ``timestamp``."""
    pages = (
        region.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=region.table,
            KeyConditionExpression="recordId = :id",
            ExpressionAttributeValues={":id": {"S": record_id}},
            ConsistentRead=True,
        )
    )
    return (item for page in pages for item in page["Items"])


def read_many(
    region: Region, keys: Iterable[Key], attributes: Iterable[str] = ()
) -> Iterator[Item]:
    """Yield the items with ``keys`` in the order of the keys, from consistent reads.

    Those that do not exist are left out. Keys are taken, and items held, a hundred at a time.
    If ``attributes`` are given (paths, the two of the key among them), an item has no others.
    Raises :class:`~ops.waiting.WaitError` if DynamoDB returns nothing for a minute.
    """
    remaining = iter(keys)
    while some := list(dict.fromkeys(islice(remaining, _MOST_READ))):
        found = _read_batch(region, some, attributes)
        yield from (found[key] for key in some if key in found)


def _read_batch(
    region: Region, keys: Iterable[Key], attributes: Iterable[str]
) -> Mapping[Key, Item]:
    client, table = region.client("dynamodb"), region.table
    left = {
        table: {
            "Keys": [key.attributes for key in keys],
            "ConsistentRead": True,
            **_projection(attributes),
        }
    }
    found: dict[Key, Item] = {}

    def all_are_read() -> bool:
        nonlocal left
        before = -1
        while left and len(found) > before:  # an answer has 16 MB at most
            before = len(found)
            answer = client.batch_get_item(RequestItems=left)
            found.update({key_of(item): item for item in answer["Responses"][table]})
            left = answer.get("UnprocessedKeys", {})
        return not left

    wait_for(all_are_read, f"items of {table}", limit_s=_READ_WITHIN_S, state=lambda: len(found))
    return found


def stored(region: Region, *, since: str = "", attributes: Iterable[str] = ()) -> Iterator[Item]:
    """Yield every file and record of the table in no particular order, from a consistent scan.

    Items before ``since`` are left out, and so are the notes of erased records and the attributes
    that replication adds. If ``attributes`` are given (paths such as ``source.row``), an item has
    no others.
    """
    projection = _projection(attributes)
    filters, values = ["#itemType <> :audit"], {":audit": {"S": AUDIT}}
    names = {**projection.get("ExpressionAttributeNames", {}), "#itemType": "itemType"}
    if since:
        names["#timestamp"] = "timestamp"
        filters.append("#timestamp >= :since")
        values[":since"] = {"S": since}
    options: dict[str, Any] = {
        **projection,
        "FilterExpression": " AND ".join(filters),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
    }
    pages = (
        region.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=region.table, ConsistentRead=True, **options)
    )
    for page in pages:
        yield from page["Items"]


def _projection(attributes: Iterable[str]) -> dict[str, Any]:
    """Return the options by which a read returns these paths only, all of an item if none."""
    paths = [tuple(f"#{name}" for name in path.split(".")) for path in attributes]
    if not paths:
        return {}
    return {
        "ProjectionExpression": ", ".join(".".join(path) for path in paths),
        "ExpressionAttributeNames": {name: name[1:] for path in paths for name in path},
    }


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
