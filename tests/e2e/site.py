"""One region of the product as its users and operators see it, by way of AWS APIs only."""

import hashlib
import json
from collections.abc import Collection, Mapping
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


@dataclass(frozen=True, kw_only=True)
class Upload(files.FileVersion):
    """A file and what is in it. Its ids are computed here, independently of the product."""

    content: bytes = field(repr=False)

    @cached_property
    def id(self) -> str:
        identity = f"{self.bucket}\0{self.key}\0{self.version}"
        return "f" + hashlib.sha256(identity.encode()).hexdigest()[:31]

    @property
    def timestamp(self) -> str:
        moment = self.stored_at.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"

    def record_id(self, row: int) -> str:
        return f"{self.id}.{row:09d}"

    @property
    def event(self) -> Event:
        """What S3 sends to the processor."""
        described = {
            "key": quote_plus(self.key, safe="/"),
            "size": len(self.content),
            "eTag": hashlib.md5(self.content).hexdigest(),
            "versionId": self.version,
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

    def put(self, key: str, content: bytes) -> Upload:
        return Upload(**asdict(files.put(self, key, content)), content=content)

    def item(self, upload: Upload, record_id: str) -> Item:
        """Return the item, or an empty one."""
        return files.item(self, upload, record_id)

    def delete(self, upload: Upload, record_id: str) -> None:
        self.client("dynamodb").delete_item(
            TableName=self.table,
            Key={"recordId": {"S": record_id}, "timestamp": {"S": upload.timestamp}},
            ConditionExpression="attribute_exists(recordId)",
        )

    def ledger_entry(self, upload: Upload) -> Item:
        """Return the file's own item, or an empty one."""
        return self.item(upload, upload.id)

    def ledger_entries(self, upload: Upload) -> list[Item]:
        """Return every item of the file itself, whatever its timestamp."""
        found: list[Item] = self.client("dynamodb").query(
            TableName=self.table,
            KeyConditionExpression="recordId = :id",
            ExpressionAttributeValues={":id": {"S": upload.id}},
        )["Items"]
        return found

    def status(self, upload: Upload) -> str:
        return str(self.ledger_entry(upload).get("status", {}).get("S", "absent"))

    def await_status(self, upload: Upload, *wanted: str, limit_s: float = LIMIT_S) -> None:
        wait_for(
            lambda: self.status(upload) in wanted,
            lambda: f"{wanted} of {upload.key} in {self.name}, which is {self.status(upload)}",
            limit_s,
        )

    def items(self, uploads: Collection[Upload]) -> dict[str, dict[str, Item]]:
        """Return every item of the files, by file id and record id: what is there, not what is due.

        The table is searched, so that an item under an unexpected key is found as well.
        """
        found: dict[str, dict[str, Item]] = {upload.id: {} for upload in uploads}
        for item in items.stored(self, since=min(upload.timestamp for upload in uploads)):
            file_id = items.file_id(item)
            if file_id in found:
                found[file_id][item["recordId"]["S"]] = item
        return found

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
