"""The stored items of one record, and the event that announces what an item says."""

from collections.abc import Sequence

from ops import items
from ops.items import Item
from ops.region import Region
from services.processor.runtime.keys import keyed_record_id
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import event_id


def items_of(region: Region, dataset: str, key: Sequence[str]) -> list[Item]:
    """Return every item of a record, the newest contents first.

    There is one for each moment of the record's own, so one in all if it has none. Attributes of
    replication are left out.
    """
    found = items.with_id(region, keyed_record_id(dataset, key))
    own = (items.own_attributes(item) for item in found)
    return sorted(own, key=lambda item: str(item.get("precedence", {}).get("S")), reverse=True)


def event_id_of(region: Region, item: Item) -> str:
    """Return the id of the event that announces the item as it is.

    There was no such event if a newer file brought the contents that an older one had brought.
    """
    change = parse_change(
        {
            "eventName": "INSERT",
            "eventSourceARN": f"arn:aws:dynamodb:{region.name}::table/{region.table}",
            "dynamodb": {"NewImage": item, "ApproximateCreationDateTime": 0},
        }
    )
    return event_id(change)
