"""One region of the product as its users and operators see it, by way of AWS APIs only."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

import naming
from local.cloud import Cloud
from ops import dead_letters, files, items
from ops.dead_letters import Event, named_objects
from ops.items import Item
from ops.region import Region
from tests.e2e.waiting import LIMIT_S, wait_for

ItemKey = tuple[str, str]  # recordId, timestamp
AT_ONCE = 25  # items, as DynamoDB deletes them


def file_id(bucket: str, key: str, version: str) -> str:
    """Return the id of a file, computed here independently of the product."""
    identity = f"{bucket}\0{key}\0{version}"
    return "f" + hashlib.sha256(identity.encode()).hexdigest()[:31]


def key_of(item: Item) -> ItemKey:
    return item["recordId"]["S"], item["timestamp"]["S"]


def file_of(item: Item) -> str:
    """Return the id of the file that an item comes from, whatever the item's own id is."""
    source = item.get("source", {}).get("M")
    names = ("bucket", "key", "version")
    return file_id(*(source[name]["S"] for name in names)) if source else ""


@dataclass(frozen=True, kw_only=True)
class Upload(files.FileVersion):
    """A file and what is in it. Its ids are computed here, independently of the product."""

    content: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        return file_id(self.bucket, self.key, self.version)

    @property
    def timestamp(self) -> str:
        moment = self.stored_at.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"

    def record_id(self, row: int) -> str:
        """Return the id of a row that is rejected or has no key."""
        return f"{self.id}.{row:09d}"

    def event(self, sequencer: str = "") -> Event:
        """Return what S3 sends to the processor; by default without the order of the versions."""
        described = {
            "key": quote_plus(self.key, safe="/"),
            "size": len(self.content),
            "eTag": hashlib.md5(self.content).hexdigest(),
            "versionId": self.version,
            "sequencer": sequencer,
        }
        record = {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": self.region,
            "eventTime": self.timestamp,
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": self.bucket}, "object": described},
        }
        return {"Records": [record]}


class Site(Region):
    """A deployed region, with what only tests ask of it."""

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let S3 send no event for what is put until the block ends, also not afterwards."""
        s3, bucket = self.client("s3"), {"Bucket": self.bucket}
        before = s3.get_bucket_notification_configuration(**bucket)
        before.pop("ResponseMetadata")
        s3.put_bucket_notification_configuration(**bucket, NotificationConfiguration={})
        try:
            yield
        finally:
            s3.put_bucket_notification_configuration(**bucket, NotificationConfiguration=before)

    def put(self, key: str, content: bytes) -> Upload:
        return Upload(**asdict(files.put(self, key, content)), content=content)

    def item(self, key: ItemKey) -> Item:
        """Return the item, or an empty one."""
        return items.read(self, *key)

    def delete(self, key: ItemKey) -> None:
        record_id, timestamp = key
        self.client("dynamodb").delete_item(
            TableName=self.table,
            Key={"recordId": {"S": record_id}, "timestamp": {"S": timestamp}},
            ConditionExpression="attribute_exists(recordId)",
        )

    def remove(self, upload: Upload, rows: int) -> None:
        """Delete a file, its ledger entry and its rows, which have no keys.

        What is large is read again by everything that searches the table afterwards.
        """
        self.client("s3").delete_object(
            Bucket=self.bucket, Key=upload.key, VersionId=upload.version
        )
        ids = [upload.id, *(upload.record_id(row) for row in range(1, rows + 1))]
        keys = [{"recordId": {"S": id_}, "timestamp": {"S": upload.timestamp}} for id_ in ids]
        for start in range(0, len(keys), AT_ONCE):
            deleted = [{"DeleteRequest": {"Key": key}} for key in keys[start : start + AT_ONCE]]
            self.client("dynamodb").batch_write_item(RequestItems={self.table: deleted})

    def query(self, record_id: str) -> list[Item]:
        """Return every item with the id, in order of their timestamps."""
        found: list[Item] = self.client("dynamodb").query(
            TableName=self.table,
            KeyConditionExpression="recordId = :id",
            ExpressionAttributeValues={":id": {"S": record_id}},
            ConsistentRead=True,
        )["Items"]
        return found

    def ledger_entry(self, upload: Upload) -> Item:
        """Return the file's own item, or an empty one."""
        return self.item((upload.id, upload.timestamp))

    def sequencer(self, upload: Upload) -> str:
        """Return S3's order of the file among the versions of its key, empty if it has none.

        Only the processor's event said it, so it is read from what the processor has kept.
        """
        return str(self.ledger_entry(upload).get("sequencer", {}).get("S", ""))

    def status(self, upload: Upload) -> str:
        return str(self.ledger_entry(upload).get("status", {}).get("S", "absent"))

    def await_status(self, upload: Upload, *wanted: str, limit_s: float = LIMIT_S) -> None:
        wait_for(
            lambda: self.status(upload) in wanted,
            lambda: f"{wanted} of {upload.key} in {self.name}, which is {self.status(upload)}",
            limit_s,
        )

    def items(self, uploads: Collection[Upload]) -> dict[str, dict[ItemKey, Item]]:
        """Return every item that comes from the files, by file: what is there, not what is due.

        The table is searched, so that an item under an unexpected key is found as well.
        """
        found: dict[str, dict[ItemKey, Item]] = {upload.id: {} for upload in uploads}
        for item in self._with_keys_of(uploads):
            if (of_file := file_of(item)) in found:
                found[of_file][key_of(item)] = item
        return found

    def _with_keys_of(self, uploads: Collection[Upload]) -> Iterator[Item]:
        """Search the table, which has thousands of items, for those of objects with these keys."""
        values = {f":key{n}": {"S": key} for n, key in enumerate({each.key for each in uploads})}
        pages = (
            self.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.table,
                ConsistentRead=True,
                FilterExpression=f"#source.#key IN ({', '.join(values)})",
                ExpressionAttributeNames={"#source": "source", "#key": "key"},
                ExpressionAttributeValues=values,
            )
        )
        return (item for page in pages for item in page["Items"])

    def take_dead_letters(self, upload: Upload) -> list[Event]:
        """Remove the dead letters of a file; return their events."""
        name = (upload.bucket, upload.key, upload.version)
        return dead_letters.take(self, lambda event: list(named_objects(event)) == [name])

    def await_dead_letter(self, upload: Upload) -> Event:
        """Wait for the dead letter of a file; remove it and return its event."""
        [event] = wait_for(
            lambda: self.take_dead_letters(upload),
            f"the dead letter of {upload.key} in {self.name}",
        )
        return event

    def log(self, upload: Upload) -> list[dict[str, Any]]:
        """Return the lines that the processor has logged about a file; they carry the file's id."""
        pages = (
            self.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=f"/aws/lambda/{self.processor}", filterPattern=f'"{upload.id}"')
        )
        messages = (event["message"] for page in pages for event in page["events"])
        lines = [json.loads(message) for message in messages if message.startswith("{")]
        return [line for line in lines if line.get("correlation_id") == upload.id]

    def runs(self, upload: Upload) -> list[dict[str, Any]]:
        """Return the runs that have ended: the last line that each has logged about a file."""
        last = ("file ended", "file was complete before")
        return [line for line in self.log(upload) if line["message"] in last]


def site(cloud: Cloud, name: str) -> Site:
    return Site(cloud.session(name), name, cloud.outputs(name))


def sites(cloud: Cloud) -> Mapping[str, Site]:
    """Return both regions by name, the primary first."""
    return {name: site(cloud, name) for name in naming.REGIONS}
