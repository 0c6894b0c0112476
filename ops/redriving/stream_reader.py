"""The changes of a failed batch, read from the table's stream in the form that Lambda passes on.

A batch is one of ten lanes of its shard, so between its first change and its last one lie those of
the other lanes: all have to be read, page by page, and about a tenth of them are wanted. A stream
keeps a change for 24 hours.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from ops.redriving.failed_batch import FailedBatch
from ops.region import Region

_GONE = frozenset({"TrimmedDataAccessException", "ResourceNotFoundException"})
_EXPIRED = "ExpiredIteratorException"
# A page may be empty although changes follow, but so many of them mean the end of what there is.
_MOST_EMPTY = 100


class GoneError(Exception):
    """The stream no longer has the whole batch; the message is the stream's."""


class Change(NamedTuple):
    """A change of the stream: its place, and the record as JSON in Lambda's form."""

    at: str
    record: Mapping[str, Any]
    json: bytes


def changes(region: Region, batch: FailedBatch) -> Iterator[Change]:
    """Yield every change of the batch's range that was first written in its region, in order.

    Holds one page. Raises ``GoneError`` if the range is not in the stream to its end.
    """
    for record in _records(region, batch):
        if _origin(record) == batch.origin:
            yield change_of(record, batch.stream_arn)


def change_of(record: Mapping[str, Any], stream_arn: str) -> Change:
    """Return a record as the consumer receives it."""
    body = record["dynamodb"]
    encoded = json.dumps({**record, "eventSourceARN": stream_arn}, default=_plain).encode()
    return Change(str(body["SequenceNumber"]), json.loads(encoded), encoded)


def _records(region: Region, batch: FailedBatch) -> Iterator[Mapping[str, Any]]:
    streams = region.client("dynamodbstreams")
    place = {"StreamArn": batch.stream_arn, "ShardId": batch.shard}
    start = {"ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": batch.first}
    iterator, is_new, empty = "", True, 0
    while True:
        try:
            iterator = iterator or streams.get_shard_iterator(**place, **start)["ShardIterator"]
            page = streams.get_records(ShardIterator=iterator)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == _EXPIRED and not is_new:  # it is good for a quarter of an hour
                iterator, is_new = "", True
                continue
            if code in (*_GONE, _EXPIRED):
                raise GoneError(str(error)) from error
            raise
        is_new = False
        for record in page["Records"]:
            at = record["dynamodb"]["SequenceNumber"]
            if int(at) <= int(batch.last):
                yield record
            if int(at) >= int(batch.last):
                return
            start = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": at}
        empty = 0 if page["Records"] else empty + 1
        iterator = page.get("NextShardIterator", "")
        if not iterator or empty > _MOST_EMPTY:
            raise GoneError(f"the shard ends before {batch.last}")


def _origin(record: Mapping[str, Any]) -> str:
    body = record["dynamodb"]
    image = body.get("NewImage") or body.get("OldImage") or {}
    return str(image.get("originRegion", {}).get("S", ""))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"{type(value).__name__} is not JSON")
