"""The event that announces a change; ``docs/events.md`` describes it to subscribers."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.stream_consumer.runtime.attention import needs_attention, notice
from services.stream_consumer.runtime.change import Change, ItemType, Kind
from services.stream_consumer.runtime.errors import MalformedRecordError, OversizedEventError
from services.stream_consumer.runtime.image import Json, JsonObject

SOURCE = "serverless.data-ingestion"
DETAIL_TYPES = {ItemType.RECORD: "RecordChanged", ItemType.FILE: "FileChanged"}
ATTENTION = "FileNeedsAttention"
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


def announcements(change: Change, share_announced: Decimal) -> list[Event]:
    """Return the events that announce ``change``, none if it changes nothing.

    A file that failed, or of whose rows more than the share was rejected, has a second one.

    Raises:
        OversizedEventError: even the event with the reference is too large.
        MalformedRecordError: a string of the item is not valid Unicode.

    """
    if change.changes_nothing:
        return []
    events = [to_event(change)]
    return [*events, _attention(change)] if needs_attention(change, share_announced) else events


def to_event(change: Change) -> Event:
    """Return the event for ``change``: with its item, or with a reference to one too large.

    Raises:
        OversizedEventError: even the event with the reference is too large.
        MalformedRecordError: a string of the item is not valid Unicode.

    """
    try:
        head, detail_type = _head(change), DETAIL_TYPES[change.item_type]
        whole = _event(change, detail_type, {**head, "item": change.image})
        if whole.size_bytes <= MAX_BYTES:
            return whole
        reference = {"itemReference": _reference(change)}
        brief = _event(change, detail_type, {**head, **reference}, by_reference=True)
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
    return _hash([change.record_id, change.timestamp, effect, change.image])


def canonical_json(value: Json) -> str:
    """Return equal values as equal text: sorted names, no blanks."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _hash(value: Json) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:EVENT_ID_DIGITS]


def _head(change: Change) -> JsonObject:
    before = {"previousStatus": change.previous_status, "previousDigest": change.previous_digest}
    return {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": event_id(change),
        "change": change.kind,
        **_address(change),
        **{name: text for name, text in before.items() if text},
    }


def _address(change: Change) -> JsonObject:
    return {
        "recordId": change.record_id,
        "timestamp": change.timestamp,
        "status": change.status,
        "dataset": change.dataset,
        "originRegion": change.origin_region,
    }


def _attention(change: Change) -> Event:
    content: JsonObject = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": _hash([ATTENTION, event_id(change)]),
        **_address(change),
        **notice(change),
    }
    return _event(change, ATTENTION, content)


def _reference(change: Change) -> JsonObject:
    return {"table": change.table, "recordId": change.record_id, "timestamp": change.timestamp}


def _event(
    change: Change, detail_type: str, content: JsonObject, *, by_reference: bool = False
) -> Event:
    detail = canonical_json(content)
    texts = (SOURCE, detail_type, detail)
    return Event(
        event_id=str(content["eventId"]),
        record_id=change.record_id,
        detail_type=detail_type,
        detail=detail,
        time=change.time,
        size_bytes=TIME_BYTES + sum(len(text.encode()) for text in texts),
        by_reference=by_reference,
    )
