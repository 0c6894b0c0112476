"""The stored items of one record, and the event that announces what an item says."""

from collections.abc import Sequence

from ops import items
from ops.errors import RefusedError
from ops.items import Item
from ops.region import Region
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.keys import keyed_record_id
from services.stream_consumer.runtime.change import parse_change
from services.stream_consumer.runtime.event import event_id


def check_key(dataset: str, key: Sequence[str]) -> None:
    """Raise ``RefusedError`` unless the dataset has records with keys of so many parts."""
    keyed = {name: each.key for name, each in CONTRACTS.items() if each.key}
    if dataset not in keyed:
        raise RefusedError(
            f"no contract gives the records of {dataset!r} a key; those of {', '.join(keyed)} have "
            "one. A row of any other file is a record of its own: see ops file"
        )
    if len(key) != len(keyed[dataset]):
        raise RefusedError(f"a key of {dataset} has these parts: {', '.join(keyed[dataset])}")


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
