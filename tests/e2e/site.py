"""One region of the product as its users and operators see it, by way of AWS APIs only."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote_plus

from local.cloud import Cloud
from local.demo.regions import Region
from tests.e2e.waiting import LIMIT_S, wait_for

EAST, WEST = "us-east-1", "us-west-2"

# As DynamoDB writes it: {"rowsRead": {"N": "1"}, ...}.
Item = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One version of an object."""

    region: str
    bucket: str
    key: str
    version: str
    stored_at: datetime
    content: bytes = field(repr=False)

    @cached_property
    def file_id(self) -> str:
        identity = f"{self.bucket}\0{self.key}\0{self.version}"
        return "f" + hashlib.sha256(identity.encode()).hexdigest()[:31]

    @property
    def timestamp(self) -> str:
        moment = self.stored_at.astimezone(UTC).replace(tzinfo=None)
        return f"{moment.isoformat(timespec='milliseconds')}Z"

    def record_id(self, row: int) -> str:
        return f"{self.file_id}.{row:09d}"

    @property
    def event(self) -> dict[str, Any]:
        """What S3 tells the processor."""
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
    def __init__(self, cloud: Cloud, name: str) -> None:
        super().__init__(cloud, name)
        outputs = cloud.outputs(name)
        self.processor = outputs["ProcessorName"]
        self.typed = cloud.client("dynamodb", name)
        self.functions = cloud.client("lambda", name)
        self.logs = cloud.client("logs", name)

    def put(self, key: str, content: bytes) -> Upload:
        where = {"Bucket": self.bucket, "Key": key}
        version: str = self.s3.put_object(**where, Body=content)["VersionId"]
        head = self.s3.head_object(**where, VersionId=version)
        return Upload(
            region=self.name,
            bucket=self.bucket,
            key=key,
            version=version,
            stored_at=head["LastModified"],
            content=content,
        )

    def item(self, upload: Upload, record_id: str) -> Item:
        """Give the item, or an empty one."""
        key = {"recordId": {"S": record_id}, "timestamp": {"S": upload.timestamp}}
        read = self.typed.get_item(TableName=self.table.name, Key=key, ConsistentRead=True)
        found: Item = read.get("Item", {})
        return found

    def delete(self, upload: Upload, record_id: str) -> None:
        key = {"recordId": record_id, "timestamp": upload.timestamp}
        self.table.delete_item(Key=key, ConditionExpression="attribute_exists(recordId)")

    def account(self, upload: Upload) -> Item:
        return self.item(upload, upload.file_id)

    def accounts(self, upload: Upload) -> list[Item]:
        """Every item of the file itself, whatever time it has."""
        found: list[Item] = self.typed.query(
            TableName=self.table.name,
            KeyConditionExpression="recordId = :id",
            ExpressionAttributeValues={":id": {"S": upload.file_id}},
        )["Items"]
        return found

    def status(self, upload: Upload) -> str:
        return str(self.account(upload).get("status", {}).get("S", "absent"))

    def await_status(self, upload: Upload, *wanted: str, limit_s: float = LIMIT_S) -> None:
        wait_for(
            lambda: self.status(upload) in wanted,
            lambda: f"{wanted} of {upload.key} in {self.name}, which is {self.status(upload)}",
            limit_s,
        )

    def items(self, uploads: Collection[Upload]) -> dict[str, dict[str, Item]]:
        """Every item of the files, by file id and record id: what is there, not what is due."""
        found: dict[str, dict[str, Item]] = {upload.file_id: {} for upload in uploads}
        pages = self.typed.get_paginator("scan").paginate(
            TableName=self.table.name,
            ConsistentRead=True,
            FilterExpression="#timestamp >= :oldest",
            ExpressionAttributeNames={"#timestamp": "timestamp"},
            ExpressionAttributeValues={":oldest": {"S": min(u.timestamp for u in uploads)}},
        )
        for item in (item for page in pages for item in page["Items"]):
            record_id = item["recordId"]["S"]
            file_id = record_id.partition(".")[0]
            if file_id in found:
                found[file_id][record_id] = item
        return found

    def deliver(self, event: Mapping[str, Any]) -> None:
        """Give the processor an event the way S3 does: nobody waits for the answer."""
        self._invoke(event, "Event")

    def redrive(self, event: Mapping[str, Any]) -> str:
        """Give the processor an event and wait; the message of the error it ended with, if any."""
        answer = self._invoke(event, "RequestResponse")
        body = json.loads(answer["Payload"].read() or b"null")
        return str(body["errorMessage"]) if "FunctionError" in answer else ""

    def _invoke(self, event: Mapping[str, Any], kind: str) -> Any:  # noqa: ANN401  # boto3's
        return self.functions.invoke(
            FunctionName=self.processor, InvocationType=kind, Payload=json.dumps(event).encode()
        )

    def log(self, upload: Upload) -> list[dict[str, Any]]:
        """What the processor has logged of a file, which is found by the file's id."""
        pages = self.logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{self.processor}", filterPattern=f'"{upload.file_id}"'
        )
        messages = (event["message"] for page in pages for event in page["events"])
        lines = [json.loads(message) for message in messages if message.startswith("{")]
        return [line for line in lines if line.get("correlation_id") == upload.file_id]

    def runs(self, upload: Upload) -> list[dict[str, Any]]:
        """The runs that have ended: the line each of them logs last of a file."""
        last = ("file ended", "file was complete before")
        return [line for line in self.log(upload) if line["message"] in last]


def sites(cloud: Cloud) -> dict[str, Site]:
    return {name: Site(cloud, name) for name in (EAST, WEST)}
