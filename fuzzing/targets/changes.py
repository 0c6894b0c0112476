"""Any record of a stream is announced as promised, or rejected as one that never can be."""

import json
from decimal import Decimal
from typing import Any, Final

from fuzzing.targets.choices import Choices
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.errors import PermanentError
from services.stream_consumer.runtime.event import (
    EVENT_ID_DIGITS,
    MAX_BYTES,
    Event,
    announcements,
    event_id,
)

_IMAGE: Final = {
    "recordId": {"S": "orders:1001"},
    "timestamp": {"S": "2026-11-22T08:00:00.000Z"},
    "itemType": {"S": "RECORD"},
    "status": {"S": "ACCEPTED"},
    "dataset": {"S": "orders"},
    "originRegion": {"S": "us-east-1"},
    "digest": {"S": "00"},
    "data": {"M": {"amount": {"N": "1E-7"}, "tags": {"L": [{"NULL": True}, {"BOOL": False}]}}},
}
_FILE: Final = {
    **_IMAGE,
    "itemType": {"S": "FILE"},
    "status": {"S": "COMPLETED"},
    "rowsRead": {"N": "10"},
    "rowsAccepted": {"N": "4"},
    "rowsRejected": {"N": "6"},
    "rejections": {
        "M": {
            "MISSING_FIELD": {
                "M": {
                    "rows": {"N": "6"},
                    "row": {"N": "1"},
                    "line": {"N": "2"},
                    "message": {"S": "x"},
                }
            }
        }
    },
    "source": {"M": {"bucket": {"S": "b"}, "key": {"S": "k"}, "version": {"S": "v"}}},
}


def _record(name: str, **images: object) -> dict[str, Any]:
    body = {"SequenceNumber": "1", "ApproximateCreationDateTime": 1764000000, **images}
    arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s"
    return {"eventName": name, "eventSourceARN": arn, "dynamodb": body}


RECORDS: Final = (
    _record("INSERT", NewImage=_IMAGE),
    _record("MODIFY", NewImage=_IMAGE, OldImage={**_IMAGE, "digest": {"S": "01"}}),
    _record("REMOVE", OldImage=_IMAGE),
    _record("MODIFY", NewImage=_FILE, OldImage={**_FILE, "status": {"S": "PROCESSING"}}),
)
SEEDS: Final = [
    *(b"\1" + json.dumps(each).encode() for each in RECORDS),
    *(bytes([0, which, 1]) + bytes(range(40)) for which in range(len(RECORDS))),
]


def check(data: bytes) -> None:
    """Announce a record of a stream, twice."""
    try:
        record = Choices(data).tree(RECORDS)
    except (ValueError, RecursionError):
        return
    if not isinstance(record, dict):
        return  # a batch has objects
    try:
        change = parse_change(record)
        events = announcements(change, Decimal("0.05"))
    except PermanentError:
        return
    assert events == announcements(parse_change(record), Decimal("0.05"))
    for event in events:
        _check(event)
    if events:
        assert json.loads(events[0].detail)["eventId"] == event_id(change)


def _check(event: Event) -> None:
    detail = json.loads(event.detail)
    assert event.size_bytes <= MAX_BYTES
    assert detail["eventId"] == event.event_id
    assert len(event.event_id) == EVENT_ID_DIGITS
    assert ("itemReference" in detail) == event.by_reference
