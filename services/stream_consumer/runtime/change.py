"""A stream record, read as a change: which item changed, and how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from services.stream_consumer.runtime.errors import MalformedRecordError, UnknownItemError
from services.stream_consumer.runtime.image import JsonObject, plain_image


class Kind(StrEnum):
    """What happened to an item."""

    CREATED = "CREATED"
    UPDATED = "UPDATED"
    DELETED = "DELETED"


class ItemType(StrEnum):
    """What an item is: a row of a file, or the file's ledger entry."""

    RECORD = "RECORD"
    FILE = "FILE"


_KINDS = {"INSERT": Kind.CREATED, "MODIFY": Kind.UPDATED, "REMOVE": Kind.DELETED}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an item that the processor stored.

    ``image`` is the item after the change, or before it if it was deleted (by hand or by TTL).
    ``time`` is when this region's stream received the change, to the second. A ``digest`` is that
    of an accepted record's contents; other items have none.
    """

    kind: Kind
    item_type: ItemType
    record_id: str
    timestamp: str
    status: str
    previous_status: str | None
    digest: str | None
    previous_digest: str | None
    dataset: str
    origin_region: str
    image: JsonObject
    table: str
    time: datetime

    @property
    def changes_nothing(self) -> bool:
        """Return whether the record was stored again with the same status and contents."""
        return (
            self.kind is Kind.UPDATED
            and self.digest is not None
            and (self.status, self.digest) == (self.previous_status, self.previous_digest)
        )


def parse_change(record: Mapping[str, Any]) -> Change:
    """Read one record of a stream with new and old images.

    Raises:
        MalformedRecordError: it is not a change as DynamoDB writes it.
        UnknownItemError: the item is not one of the processor's. It is not skipped, because an item
            type newer than this code must not be lost silently.

    """
    try:
        kind, body = _KINDS[record["eventName"]], record["dynamodb"]
        image = plain_image(body["OldImage" if kind is Kind.DELETED else "NewImage"])
        previous = plain_image(body["OldImage"]) if kind is Kind.UPDATED else {}
        time = datetime.fromtimestamp(body["ApproximateCreationDateTime"], UTC)
        table = record["eventSourceARN"].split(":")[5].split("/")[1]
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError) as error:
        raise MalformedRecordError(f"not a DynamoDB stream record: {error!r}") from error
    return Change(
        kind=kind,
        item_type=_item_type(image),
        record_id=_text(image, "recordId"),
        timestamp=_text(image, "timestamp"),
        status=_text(image, "status"),
        previous_status=_text(previous, "status") if previous else None,
        digest=_text(image, "digest") if "digest" in image else None,
        previous_digest=_text(previous, "digest") if "digest" in previous else None,
        dataset=_text(image, "dataset"),
        origin_region=_text(image, "originRegion"),
        image=image,
        table=table,
        time=time,
    )


def _item_type(image: JsonObject) -> ItemType:
    try:
        return ItemType(_text(image, "itemType"))
    except ValueError as error:
        raise UnknownItemError(str(error)) from error


def _text(image: JsonObject, attribute: str) -> str:
    value = image.get(attribute)
    if not isinstance(value, str):
        raise UnknownItemError(f"{attribute} is missing or not a string")
    return value
