"""Stream records as Lambda delivers them."""

from collections.abc import Mapping
from typing import Any

REGION = "us-east-1"
CREATED_AT = 1_795_386_664
ITEM: dict[str, Any] = {
    "recordId": {"S": "f0123.000000001"},
    "timestamp": {"S": "2026-11-22T22:31:04.000Z"},
    "itemType": {"S": "RECORD"},
    "status": {"S": "ACCEPTED"},
    "shard": {"N": "7"},
    "dataset": {"S": "orders"},
    "contractVersion": {"N": "1"},
    "originRegion": {"S": REGION},
    "data": {"M": {"orderId": {"S": "o-1"}, "amount": {"N": "19.90"}}},
}

ACCEPTED: dict[str, Any] = ITEM | {"digest": {"S": "d1"}, "precedence": {"S": "1"}}


def item(**attributes: Any) -> dict[str, Any]:  # noqa: ANN401  # DynamoDB JSON
    return {**ITEM, **attributes}


def stream_record(
    event_name: str = "INSERT",
    *,
    new: Mapping[str, Any] | None = None,
    old: Mapping[str, Any] | None = None,
    sequence_number: str = "100",
    region: str = REGION,
) -> dict[str, Any]:
    images = {"NewImage": new, "OldImage": old}
    return {
        "eventID": f"{region}-{sequence_number}",
        "eventName": event_name,
        "eventSource": "aws:dynamodb",
        "awsRegion": region,
        "eventSourceARN": f"arn:aws:dynamodb:{region}:000000000000:table/processed/stream/2026",
        "dynamodb": {
            "ApproximateCreationDateTime": CREATED_AT,
            "Keys": {"recordId": ITEM["recordId"], "timestamp": ITEM["timestamp"]},
            "SequenceNumber": sequence_number,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
            **{name: image for name, image in images.items() if image is not None},
        },
    }


def insert(sequence_number: str = "100", **attributes: Any) -> dict[str, Any]:  # noqa: ANN401
    return stream_record(new=item(**attributes), sequence_number=sequence_number)
