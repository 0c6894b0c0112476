"""A stream of one shard, and the real consumer behind a bus that refuses what it is told to."""

import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unittest.mock import Mock, patch

from botocore.exceptions import ClientError

from ops import waiting
from ops.redriving.jobs import Result, drain, jobs
from services.stream_consumer.runtime.errors import BusUnavailableError
from services.stream_consumer.runtime.event import Event
from services.stream_consumer.runtime.handler import make_handler
from services.stream_consumer.runtime.publisher import Deadline, Publication
from tests.unit.ops.redriving.fakes import FAILURES, FakeCloud
from tests.unit.stream_consumer.streams import CREATED_AT, item, stream_record

ARN = "arn:aws:dynamodb:us-east-1:123456789012:table/records/stream/2026-11-01T00:00:00.000"
SHARD = "shardId-00000001573689847184-864758bb"
FAST = 1e9


def number(at: int) -> str:
    """Return a sequence number, which has 21 digits at least."""
    return f"{at:021d}"


def change(at: int, origin: str = "us-east-1", **attributes: Any) -> dict[str, Any]:  # noqa: ANN401  # DynamoDB JSON
    """Return a change as GetRecords has it."""
    name = {"recordId": {"S": f"f{at}"}, "originRegion": {"S": origin}}
    found = stream_record(new=item(**{**name, **attributes}), sequence_number=number(at))
    found["dynamodb"]["ApproximateCreationDateTime"] = datetime.fromtimestamp(CREATED_AT, UTC)
    del found["eventSourceARN"]
    return found


def failure(first: int, last: int, **other: object) -> dict[str, Any]:
    """Return Lambda's message about the batch that begins and ends with these changes."""
    moment = datetime.fromtimestamp(CREATED_AT, UTC).isoformat()
    batch = {
        "shardId": SHARD,
        "startSequenceNumber": number(first),
        "endSequenceNumber": number(last),
        "approximateArrivalOfFirstRecord": moment,
        "approximateArrivalOfLastRecord": moment,
        "batchSize": 100,
        "streamArn": ARN,
    }
    context = {"condition": "RetryAttemptsExhausted", "functionArn": "arn:consumer"}
    return {"requestContext": context, "DDBStreamBatchInfo": {**batch, **other}}


class FakeStream(FakeCloud):
    """A cloud whose stream has ``changes``; ``refused`` are the record ids that its bus refuses."""

    def __init__(self, changes: Sequence[Mapping[str, Any]], *, page: int = 7) -> None:
        super().__init__()
        self.changes = list(changes)
        self.table: list[Mapping[str, Any]] = []
        self.page = page
        self.refused: set[str] = set()
        self.published: list[Event] = []
        self.batches: list[int] = []
        self.sizes_bytes: list[int] = []
        self.expires_in = 10**6  # calls of an iterator
        self.is_closed = True
        self._consume = make_handler(
            publisher=self, telemetry=Mock(), rejected_share_announced=Decimal("0.05")
        )

    @property
    def record_ids(self) -> list[str]:
        return [event.record_id for event in self.published]

    def get_shard_iterator(self, **asked: Any) -> dict[str, str]:  # noqa: ANN401  # as boto3
        assert (asked["StreamArn"], asked["ShardId"]) == (ARN, SHARD)
        numbers = [each["dynamodb"]["SequenceNumber"] for each in self.changes]
        if asked["SequenceNumber"] not in numbers:
            raise gone("TrimmedDataAccessException")
        at = numbers.index(asked["SequenceNumber"])
        self._left = self.expires_in
        return {"ShardIterator": str(at + (asked["ShardIteratorType"] != "AT_SEQUENCE_NUMBER"))}

    def get_records(self, *, ShardIterator: str) -> dict[str, Any]:  # noqa: N803  # as boto3
        if not self._left:
            raise gone("ExpiredIteratorException")
        self._left -= 1
        at = int(ShardIterator)
        end = at + self.page
        is_end = self.is_closed and end >= len(self.changes)
        following = {} if is_end else {"NextShardIterator": str(min(end, len(self.changes)))}
        return {"Records": self.changes[at:end], **following}

    def get_paginator(self, operation: str) -> Any:  # noqa: ANN401  # as boto3
        self._operation = operation
        return self

    def paginate(self, **_: object) -> list[dict[str, Any]]:
        assert self._operation == "scan"
        return [{"Items": self.table}]

    def invoke(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  # as boto3
        def act() -> dict[str, Any]:
            assert asked["FunctionName"] == "consumer"
            batch = json.loads(asked["Payload"])
            self.batches.append(len(batch["Records"]))
            self.sizes_bytes.append(len(asked["Payload"]))
            answer = self._consume(batch, Mock(get_remaining_time_in_millis=lambda: 60_000))
            return {"Payload": io.BytesIO(json.dumps(answer).encode())}

        return self.called(act)

    def publish(self, events: Sequence[Event], deadline: Deadline) -> Publication:  # noqa: ARG002  # the port's
        failures = {
            at: BusUnavailableError("no")
            for at, event in enumerate(events)
            if event.record_id in self.refused
        }
        self.published += [each for at, each in enumerate(events) if at not in failures]
        return Publication(failures=dict(failures), retries=0)


def gone(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "gone"}}, "GetRecords")


def redrive(stream: FakeStream, *letters: object, look_back_hours: int = 7) -> Result:
    """Redrive these failures to the end."""
    for letter in letters:
        stream.put(FAILURES, letter)
    result = Result(job=jobs(stream.region, "", FAST, look_back_hours)[1])
    with patch.object(waiting, "time", stream):
        for _ in drain(result, None, at_once=1):
            pass
    return result
