"""What is in buckets and tables, read with boto3 alone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple

# Returns a client of a service in a region.
Connect = Callable[[str, str], Any]
Item = dict[str, Any]
Key = tuple[str, str]  # recordId, timestamp
KEYS_A_CALL = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """One region of the deployment, by the names of what is there."""

    region: str
    bucket: str
    table: str
    bus: str


class Version(NamedTuple):
    """A version of an object; its ``etag`` is the MD5 of its bytes."""

    region: str
    bucket: str
    key: str
    version: str
    etag: str
    stored_at: datetime

    @property
    def file_id(self) -> str:
        """Return the file's id, as docs/architecture.md defines it."""
        identity = f"{self.bucket}\0{self.key}\0{self.version}"
        return "f" + sha256(identity.encode()).hexdigest()[:31]


def versions(connect: Connect, place: Place, prefix: str) -> list[Version]:
    """Return every version below ``prefix``, deletion markers left out."""
    pages = (
        connect("s3", place.region)
        .get_paginator("list_object_versions")
        .paginate(Bucket=place.bucket, Prefix=prefix)
    )
    return [
        Version(
            place.region,
            place.bucket,
            each["Key"],
            each["VersionId"],
            each["ETag"].strip('"'),
            each["LastModified"],
        )
        for page in pages
        for each in page.get("Versions", ())
    ]


def items(connect: Connect, place: Place, prefix: str) -> dict[Key, Item]:
    """Return every item that says to come from a file below ``prefix``: the table is searched."""
    pages = (
        connect("dynamodb", place.region)
        .get_paginator("scan")
        .paginate(
            TableName=place.table,
            FilterExpression="begins_with(#s.#k, :p)",
            ExpressionAttributeNames={"#s": "source", "#k": "key"},
            ExpressionAttributeValues={":p": {"S": prefix}},
            ConsistentRead=True,
        )
    )
    found = (plain(item) for page in pages for item in page["Items"])
    return {(item["recordId"], item["timestamp"]): item for item in found}


def read(connect: Connect, place: Place, keys: Iterable[Key]) -> dict[Key, Item]:
    """Return the items with these keys, as far as there are any."""
    return {
        (item["recordId"], item["timestamp"]): item
        for item in _read(connect("dynamodb", place.region), place.table, keys)
    }


def _read(table: Any, name: str, keys: Iterable[Key]) -> Iterator[Item]:
    rest = iter(keys)
    while some := list(islice(rest, KEYS_A_CALL)):
        wanted = [{"recordId": {"S": one}, "timestamp": {"S": other}} for one, other in some]
        left: Any = {name: {"Keys": wanted, "ConsistentRead": True}}
        while left:
            answer = table.batch_get_item(RequestItems=left)
            yield from map(plain, answer["Responses"][name])
            left = answer.get("UnprocessedKeys")


def plain(item: Item) -> Item:
    """Return an item without DynamoDB's types; numbers are ``Decimal``."""
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415  # "ops --help" has no SDK

    plain = TypeDeserializer().deserialize
    return {name: plain(value) for name, value in item.items()}
