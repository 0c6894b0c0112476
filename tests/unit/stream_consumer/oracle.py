"""Details and ids of events as they have been since the first one, in the slow and obvious way."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

EXACT = Context(prec=38, traps=[Inexact, InvalidOperation])


def plain(tagged: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any JSON
    [(tag, value)] = tagged.items()
    match tag:
        case "N":
            return number(value)
        case "L":
            return [plain(each) for each in value]
        case "M":
            return {name: plain(each) for name, each in value.items()}
        case "SS" | "BS":
            return sorted(value)
        case "NS":
            return [number(each) for each in sorted(value, key=Decimal)]
    return None if tag == "NULL" else value


def number(literal: str) -> int | float | str:
    value = Decimal(literal).normalize(EXACT)
    if len(value.as_tuple().digits) > 15 or value.adjusted() >= 15:
        return format(value, "f")
    return int(value) if value == value.to_integral_value() else float(value)


def canonical(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def announced(item: Mapping[str, Any], effect: str, head: Mapping[str, Any]) -> tuple[str, str]:
    """Id and detail of the event for an item in DynamoDB's JSON; ``head`` is what else is there."""
    image = {name: plain(value) for name, value in item.items() if not name.startswith("aws:rep:")}
    result = [image["recordId"], image["timestamp"], effect, image]
    event_id = hashlib.sha256(canonical(result).encode()).hexdigest()[:32]
    address = ("recordId", "timestamp", "status", "dataset", "originRegion")
    detail = {"schemaVersion": 1, "eventId": event_id, **{name: image[name] for name in address}}
    return event_id, canonical({**detail, **head, "item": image})
