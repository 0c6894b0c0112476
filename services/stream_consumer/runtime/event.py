"""What is announced for a change; ``docs/events.md`` describes it to those who listen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from services.stream_consumer.runtime.change import Change, ItemType, Kind
from services.stream_consumer.runtime.errors import MalformedRecordError, OversizedEventError
from services.stream_consumer.runtime.image import Json, JsonObject

SOURCE = "serverless.data-ingestion"
DETAIL_TYPES = {ItemType.RECORD: "RecordChanged", ItemType.FILE: "FileChanged"}
SCHEMA_VERSION = 1
EVENT_ID_DIGITS = 32
# What listeners are promised, and PutEvents surely takes; it counts a time as 14 bytes.
MAX_BYTES = 256 * 1024 - 1
TIME_BYTES = 14


@dataclass(frozen=True, slots=True)
class Event:
    """One entry for the bus, of at most ``MAX_BYTES``; the same change always gives the same."""

    event_id: str
    record_id: str
    detail_type: str
    detail: str
    time: datetime
    size_bytes: int
    by_reference: bool


def to_event(change: Change) -> Event:
    """Announce ``change`` with its item, or with a reference to it when it is too large.

    Raise ``OversizedEventError`` when the reference is too large as well, ``MalformedRecordError``
    when a text of the item is not Unicode.
    """
    try:
        head = _head(change)
        whole = _event(change, head, {"item": change.image}, by_reference=False)
        if whole.size_bytes <= MAX_BYTES:
            return whole
        brief = _event(change, head, {"itemReference": _reference(change)}, by_reference=True)
    except UnicodeEncodeError as error:
        raise MalformedRecordError(f"not Unicode: {error!r}") from error
    if brief.size_bytes > MAX_BYTES:
        raise OversizedEventError(f"{brief.size_bytes} bytes without the item")
    return brief


def event_id(change: Change) -> str:
    """Identify the change by what it left behind, the only thing all replicas agree on.

    Their streams differ in record ids, in order, and in whether they saw an insert or an update.
    """
    effect = "remove" if change.kind is Kind.DELETED else "put"
    seen = canonical([change.record_id, change.timestamp, effect, change.image])
    return hashlib.sha256(seen.encode()).hexdigest()[:EVENT_ID_DIGITS]


def canonical(value: Json) -> str:
    """Write equal values as equal text."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _head(change: Change) -> JsonObject:
    head: JsonObject = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": event_id(change),
        "change": change.kind,
        "recordId": change.record_id,
        "timestamp": change.timestamp,
        "status": change.status,
        "dataset": change.dataset,
        "originRegion": change.origin_region,
    }
    return head | ({"previousStatus": change.previous_status} if change.previous_status else {})


def _reference(change: Change) -> JsonObject:
    return {"table": change.table, "recordId": change.record_id, "timestamp": change.timestamp}


def _event(change: Change, head: JsonObject, body: JsonObject, *, by_reference: bool) -> Event:
    detail_type, detail = DETAIL_TYPES[change.item_type], canonical(head | body)
    texts = (SOURCE, detail_type, detail)
    return Event(
        event_id=str(head["eventId"]),
        record_id=change.record_id,
        detail_type=detail_type,
        detail=detail,
        time=change.time,
        size_bytes=TIME_BYTES + sum(len(text.encode()) for text in texts),
        by_reference=by_reference,
    )
