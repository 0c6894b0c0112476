"""Puts items into the table as the processor does."""

from typing import Any

from boto3.dynamodb.types import TypeSerializer

from local.demo.delivery import Delivery
from ops.region import Region


def put(region: Region, delivery: Delivery, record_id: str, **attributes: Any) -> None:  # noqa: ANN401
    stored = delivery.stored
    source = {name: getattr(stored, name) for name in ("bucket", "key", "version")}
    item = {"recordId": record_id, "timestamp": stored.timestamp, "source": source, **attributes}
    typed = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    region.client("dynamodb").put_item(TableName=region.table, Item=typed)


def put_row(region: Region, delivery: Delivery, row: int, **attributes: Any) -> None:  # noqa: ANN401
    stored = delivery.stored
    source = {"bucket": stored.bucket, "key": stored.key, "version": stored.version, "row": row}
    precedence = f"{stored.timestamp}/0A/{stored.version}/000000001/{row:09d}"
    described = {"itemType": "RECORD", "source": source, "precedence": precedence, **attributes}
    put(region, delivery, described.pop("recordId", stored.record_id(row)), **described)
