"""What Lambda would hand to the stream consumer: new records, as a stream carries them."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from boto3.dynamodb.types import TypeSerializer

import naming
from benchmarks.items import Item

RECORDS_A_BATCH = 100
CREATED_AT_S = 1_793_512_800
_STREAM = f"arn:aws:dynamodb:{naming.PRIMARY}:000000000000:table/records/stream/2026-11-01T00"


def batches(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Return the batches of changes that storing the items for the first time makes."""
    serialize = TypeSerializer().serialize
    left = enumerate(items)
    made = []
    while batch := list(islice(left, RECORDS_A_BATCH)):
        changes = [_change(number, serialize(item)["M"]) for number, item in batch]
        made.append({"Records": changes})
    return made


def _change(number: int, image: dict[str, Any]) -> dict[str, Any]:
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": _STREAM,
        "dynamodb": {
            "SequenceNumber": f"{number:021d}",
            "ApproximateCreationDateTime": CREATED_AT_S,
            "Keys": {name: image[name] for name in ("recordId", "timestamp")},
            "NewImage": image,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }
