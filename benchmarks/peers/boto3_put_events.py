"""boto3's ``put_events``, ten events a call: the same events, made with boto3's deserializer."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.types import TypeDeserializer

from benchmarks import measure
from benchmarks.changes import batches
from benchmarks.items import items
from benchmarks.job import Job

EVENTS_A_CALL = 10


def prepare(job: Job) -> measure.Work:
    events = boto3.client("events")
    made = batches(items(Path(job.file), job.form, job.origin))

    def work() -> int:
        records = 0
        for batch in made:
            entries = [entry(change, job.table) for change in batch["Records"]]
            for first in range(0, len(entries), EVENTS_A_CALL):
                answer = events.put_events(Entries=entries[first : first + EVENTS_A_CALL])
                if answer["FailedEntryCount"]:
                    raise RuntimeError(answer)
            records += len(entries)
        return records

    return work


def entry(change: Mapping[str, Any], bus: str) -> dict[str, Any]:
    """Return the entry that announces a new record."""
    body = change["dynamodb"]
    deserialize = TypeDeserializer().deserialize
    image = {name: deserialize(value) for name, value in body["NewImage"].items()}
    address = {name: image[name] for name in ("recordId", "timestamp")}
    identity = [*address.values(), "put", image]
    detail = {
        "schemaVersion": 1,
        "eventId": hashlib.sha256(canonical(identity).encode()).hexdigest()[:32],
        "change": "CREATED",
        **address,
        **{name: image[name] for name in ("status", "dataset", "originRegion")},
        "item": image,
    }
    return {
        "EventBusName": bus,
        "Source": "serverless.data-ingestion",
        "DetailType": "RecordChanged",
        "Detail": canonical(detail),
        "Time": datetime.fromtimestamp(body["ApproximateCreationDateTime"], UTC),
    }


def canonical(value: object) -> str:
    """Return equal values as equal text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_number
    )


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


if __name__ == "__main__":
    measure.main(prepare)
