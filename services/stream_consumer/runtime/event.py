"""The event that announces a change; ``docs/events.md`` describes it to subscribers."""

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
# Promised to subscribers, and below the limit of PutEvents, which counts a time as 14 bytes.
MAX_BYTES = 256 * 1024 - 1
TIME_BYTES = 14


@dataclass(frozen=True, slots=True)
class Event:
    """One entry for the bus, of at most ``MAX_BYTES``; a change always gives the same event.

    With ``by_reference`` it refers to its item instead of containing it.
    """

    event_id: str
    record_id: str
    detail_type: str
    detail: str
    time: datetime
    size_bytes: int
    by_reference: bool


def announcements(change: Change) -> list[Event]:
    """Return the events that announce ``change``, none if it changes nothing.

    Raises:
        OversizedEventError: even the event with the reference is too large.
        MalformedRecordError: a string of the item is not valid Unicode.

    """
    return [] if change.changes_nothing else [to_event(change)]


def to_event(change: Change) -> Event:
    """Return the event for ``change``: with its item, or with a reference to one too large.

    Raises:
        OversizedEventError: even the event with the reference is too large.
        MalformedRecordError: a string of the item is not valid Unicode.

    """
    try:
        head = _head(change)
        whole = _event(change, head, {"item": change.image}, by_reference=False)
        if whole.size_bytes <= MAX_BYTES:
            return whole
        brief = _event(change, head, {"itemReference": _reference(change)}, by_reference=True)
    except UnicodeEncodeError as error:
        raise MalformedRecordError(f"not valid Unicode: {error!r}") from error
    if brief.size_bytes > MAX_BYTES:
        raise OversizedEventError(f"event of {brief.size_bytes} bytes without its item")
    return brief


def event_id(change: Change) -> str:
    """Return an id computed from the result of the change, on which the replicas agree.

    Their streams differ in record ids, in order, and in whether they show an insert or an update.
    """
    effect = "remove" if change.kind is Kind.DELETED else "put"
    seen = canonical_json([change.record_id, change.timestamp, effect, change.image])
    return hashlib.sha256(seen.encode()).hexdigest()[:EVENT_ID_DIGITS]


def canonical_json(value: Json) -> str:
    """Return equal values as equal text: sorted names, no blanks."""
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
    before = {"previousStatus": change.previous_status, "previousDigest": change.previous_digest}
    return head | {name: text for name, text in before.items() if text}


def _reference(change: Change) -> JsonObject:
    return {"table": change.table, "recordId": change.record_id, "timestamp": change.timestamp}


def _event(change: Change, head: JsonObject, body: JsonObject, *, by_reference: bool) -> Event:
    detail_type, detail = DETAIL_TYPES[change.item_type], canonical_json(head | body)
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
