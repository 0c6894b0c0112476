"""The events of all datasets as one AsyncAPI 3.0 document; ``docs/events.md`` says it in words."""

from collections.abc import Mapping
from typing import Any

import naming
from datasets.schemas import standard_schema, without_references
from services.processor.runtime.declaration import Contract

SOURCE = "serverless.data-ingestion"
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 0}
MOMENT = {"type": "string", "format": "date-time"}
RECORD_STATUSES = ["ACCEPTED", "REJECTED", "CORRECTED"]
FILE_STATUSES = ["PROCESSING", "SUSPENDED", "COMPLETED", "FAILED", "IGNORED"]
CHANGES = ["CREATED", "UPDATED", "DELETED"]


def asyncapi(contracts: Mapping[str, Contract[Any]]) -> dict[str, Any]:
    """Return the document; the data of each dataset is described by its contract's own schema."""
    messages = {
        "RecordChanged": _record(contracts),
        "FileChanged": _file(),
        "FileNeedsAttention": _attention(),
    }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Data ingestion: changes of records and files",
            "version": "1.0.0",
            "description": "Every event arrives at least once and in no order; see docs/events.md.",
        },
        "channels": {
            "bus": {
                "address": naming.EVENT_BUS,
                "description": "The EventBridge bus of each region.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": {
            f"receive{name}": {
                "action": "send",
                "channel": {"$ref": "#/channels/bus"},
                "messages": [{"$ref": f"#/channels/bus/messages/{name}"}],
            }
            for name in messages
        },
        "components": {
            "messages": {
                name: {"name": name, "contentType": "application/json", "payload": payload}
                for name, payload in messages.items()
            }
        },
    }


def _event(detail_type: str, detail: dict[str, Any]) -> dict[str, Any]:
    return _object(
        {
            "source": {"const": SOURCE},
            "detail-type": {"const": detail_type},
            "region": TEXT,
            "time": MOMENT,
            "detail": detail,
        }
    )


def _detail(statuses: list[str], item: dict[str, Any]) -> dict[str, Any]:
    optional = {
        "previousStatus": {"enum": statuses},
        "previousDigest": TEXT,
        "item": item,
        "itemReference": _object({"table": TEXT, "recordId": TEXT, "timestamp": MOMENT}),
    }
    detail = _object(
        {
            "schemaVersion": {"const": 1},
            "eventId": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "change": {"enum": CHANGES},
            "recordId": TEXT,
            "timestamp": MOMENT,
            "status": {"enum": statuses},
            "dataset": TEXT,
            "originRegion": TEXT,
        }
    )
    return {**detail, "properties": detail["properties"] | optional}


def _record(contracts: Mapping[str, Contract[Any]]) -> dict[str, Any]:
    item = _object({"recordId": TEXT, "timestamp": MOMENT, "precedence": TEXT, "dataset": TEXT})
    by_dataset = [
        {
            "if": {
                "properties": {"dataset": {"const": name}, "status": {"const": "ACCEPTED"}},
                "required": ["dataset", "status"],
            },
            "then": {"properties": {"data": without_references(standard_schema(contract))}},
        }
        for name, contract in sorted(contracts.items())
    ]
    return _event("RecordChanged", _detail(RECORD_STATUSES, {**item, "allOf": by_dataset}))


def _file() -> dict[str, Any]:
    counts = dict.fromkeys(("rowsRead", "rowsAccepted", "rowsRejected", "itemsWritten"), COUNT)
    item = _object({"recordId": TEXT, "timestamp": MOMENT, "dataset": TEXT})
    return _event(
        "FileChanged",
        _detail(FILE_STATUSES, {**item, "properties": item["properties"] | counts}),
    )


def _attention() -> dict[str, Any]:
    reason = _object({"code": TEXT, "rows": COUNT, "row": COUNT, "line": COUNT, "message": TEXT})
    counts = _object(dict.fromkeys(("rowsRead", "rowsAccepted", "rowsRejected"), COUNT))
    detail = _object(
        {
            "schemaVersion": {"const": 1},
            "eventId": TEXT,
            "recordId": TEXT,
            "timestamp": MOMENT,
            "status": {"enum": ["FAILED", "COMPLETED"]},
            "dataset": TEXT,
            "originRegion": TEXT,
            "source": _object({"bucket": TEXT, "key": TEXT, "version": TEXT}),
            "counts": counts,
            "reasons": {"type": "array", "items": reason},
            "subject": TEXT,
            "message": TEXT,
        }
    )
    return _event("FileNeedsAttention", detail)


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties)}
