"""The event that announces a change; ``docs/events.md`` describes it to subscribers."""

import hashlib
from datetime import datetime
from decimal import Decimal

from msgspec import Raw, Struct
from msgspec.json import Encoder

from services.stream_consumer.runtime.attention import needs_attention, notice
from services.stream_consumer.runtime.change import Change, ItemType, Kind
from services.stream_consumer.runtime.errors import MalformedRecordError, OversizedEventError
from services.stream_consumer.runtime.image import Tiny

SOURCE = "serverless.data-ingestion"
DETAIL_TYPES = {ItemType.RECORD: "RecordChanged", ItemType.FILE: "FileChanged"}
ATTENTION = "FileNeedsAttention"
# Of all items of this dataset: the product tests itself with them, so no listener wants them, and
# each of their types begins with the same word, by which a rule leaves them out.
CANARY, CANARY_CHANGED, CANARY_ATTENTION = "canary", "CanaryChanged", "CanaryNeedsAttention"
SCHEMA_VERSION = 1
EVENT_ID_DIGITS = 32
# Promised to subscribers, and below the limit of PutEvents, which counts a time as 14 bytes.
MAX_BYTES = 256 * 1024 - 1
TIME_BYTES = 14

Content = dict[str, object]


class Event(Struct, frozen=True, kw_only=True):
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
        content, detail_type = _content(change), _detail_type(change)
        whole = _event(change, detail_type, content)
        if whole.size_bytes <= MAX_BYTES:
            return whole
        del content["item"]
        content["itemReference"] = _reference(change)
        brief = _event(change, detail_type, content, by_reference=True)
    except UnicodeEncodeError as error:
        raise MalformedRecordError("a text of it is not valid Unicode") from error
    if brief.size_bytes > MAX_BYTES:
        raise OversizedEventError(f"event of {brief.size_bytes} bytes without its item")
    return brief


def event_id(change: Change) -> str:
    """Return an id computed from the result of the change, on which the replicas agree.

    Their streams differ in record ids, in order, and in whether they show an insert or an update.
    """
    return _id(change, _canonical(change.image))


def _exponent(tiny: object) -> Raw:
    if isinstance(tiny, Tiny):
        return Raw(repr(tiny).encode())
    raise TypeError(f"{type(tiny).__name__} is not JSON")


# Equal values as equal bytes: sorted names, no blanks, numbers as Python writes them. It raises
# UnicodeEncodeError for a text with half a surrogate pair.
_canonical = Encoder(order="sorted", enc_hook=_exponent).encode


def _id(change: Change, image: bytes) -> str:
    effect = "remove" if change.kind is Kind.DELETED else "put"
    return _hash([change.record_id, change.timestamp, effect, Raw(image)])


def _hash(value: object) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()[:EVENT_ID_DIGITS]


def _detail_type(change: Change) -> str:
    return CANARY_CHANGED if change.dataset == CANARY else DETAIL_TYPES[change.item_type]


def _content(change: Change) -> Content:
    image = _canonical(change.image)
    content = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": _id(change, image),
        "change": change.kind,
        **_address(change),
        "item": Raw(image),
    }
    if change.previous_status:
        content["previousStatus"] = change.previous_status
    if change.previous_digest:
        content["previousDigest"] = change.previous_digest
    return content


def _address(change: Change) -> Content:
    return {
        "recordId": change.record_id,
        "timestamp": change.timestamp,
        "status": change.status,
        "dataset": change.dataset,
        "originRegion": change.origin_region,
    }


def _attention(change: Change) -> Event:
    content = {
        "schemaVersion": SCHEMA_VERSION,
        "eventId": _hash([ATTENTION, event_id(change)]),
        **_address(change),
        **notice(change),
    }
    return _event(change, CANARY_ATTENTION if change.dataset == CANARY else ATTENTION, content)


def _reference(change: Change) -> Content:
    return {"table": change.table, "recordId": change.record_id, "timestamp": change.timestamp}


def _event(
    change: Change, detail_type: str, content: Content, *, by_reference: bool = False
) -> Event:
    detail = _canonical(content)
    return Event(
        event_id=str(content["eventId"]),
        record_id=change.record_id,
        detail_type=detail_type,
        detail=detail.decode(),
        time=change.time,
        size_bytes=TIME_BYTES + len(SOURCE) + len(detail_type) + len(detail),
        by_reference=by_reference,
    )
