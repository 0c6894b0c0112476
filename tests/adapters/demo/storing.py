"""Puts items into the table as the processor does."""

from typing import Any

from boto3.dynamodb.types import TypeSerializer

from local.demo.delivery import Delivery
from ops.region import Region


def put(region: Region, delivery: Delivery, record_id: str, **attributes: Any) -> None:  # noqa: ANN401
    item = {"recordId": record_id, "timestamp": delivery.stored.timestamp, **attributes}
    typed = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    region.client("dynamodb").put_item(TableName=region.table, Item=typed)
