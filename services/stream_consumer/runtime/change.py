"""A stream record, read as a change: which item changed, and how."""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from msgspec import UNSET, Struct, UnsetType, ValidationError, convert

from services.stream_consumer.runtime.errors import MalformedRecordError, UnknownItemError
from services.stream_consumer.runtime.image import JsonObject, plain, plain_image


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


# A msgspec struct, because a frozen dataclass takes five times as long to create.
class Change(Struct, frozen=True, kw_only=True):
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


class _Compared(Struct, rename="camel"):
    """What an update is compared with."""

    status: str
    digest: str | UnsetType = UNSET


class _Common(Struct, rename="camel"):
    """What every item of the processor has."""

    item_type: ItemType
    record_id: str
    timestamp: str
    status: str
    dataset: str
    origin_region: str
    digest: str | UnsetType = UNSET


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
        previous = _compared(body["OldImage"]) if kind is Kind.UPDATED else {}
        time = datetime.fromtimestamp(body["ApproximateCreationDateTime"], UTC)
        table = record["eventSourceARN"].split(":")[5].split("/")[1]
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, OSError) as error:
        problem = f"not a DynamoDB stream record: {type(error).__name__}"
        raise MalformedRecordError(problem) from error
    try:
        common = convert(image, _Common)
        before = convert(previous, _Compared) if previous else None
    except (ValidationError, UnicodeEncodeError) as error:  # half a character is no item type
        # Of "Invalid enum value 'x' - at `$.itemType`" no more than the place.
        raise UnknownItemError(str(error).rpartition(" - ")[2]) from error
    return Change(
        kind=kind,
        item_type=common.item_type,
        record_id=common.record_id,
        timestamp=common.timestamp,
        status=common.status,
        previous_status=before.status if before else None,
        digest=_digest(common),
        previous_digest=_digest(before) if before else None,
        dataset=common.dataset,
        origin_region=common.origin_region,
        image=image,
        table=table,
        time=time,
    )


def without_key(record_id: str | None) -> str:
    """Return the id of a file or row, but only ``orders:`` of a record that its contents name."""
    dataset, colon, _ = (record_id or "").partition(":")
    return dataset + colon


def _compared(image: Mapping[str, Any]) -> JsonObject:
    """Return what an update is compared with: no more of the image before it is read."""
    known = {name: plain(image[name]) for name in ("status", "digest") if name in image}
    return known or plain_image(image)


def _digest(item: _Common | _Compared) -> str | None:
    return None if item.digest is UNSET else item.digest
