"""The events of all datasets as one AsyncAPI 3.0 document; ``docs/events.md`` says it in words."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

import naming
from datasets.schemas import standard_schema, without_references
from services.processor.runtime.declaration import Contract

# What all events have, whatever datasets there are.
PROMISED = Path(__file__).with_name("asyncapi.yaml")


def asyncapi(contracts: Mapping[str, Contract[Any]]) -> dict[str, Any]:
    """Return the document; the data of each dataset is described by its contract's own schema."""
    document: dict[str, Any] = yaml.safe_load(PROMISED.read_text())
    document["channels"]["bus"]["address"] = naming.EVENT_BUS
    detail = document["components"]["messages"]["RecordChanged"]["payload"]["properties"]["detail"]
    detail["properties"]["item"]["allOf"] = [
        {
            "if": {
                "properties": {"dataset": {"const": name}, "status": {"const": "ACCEPTED"}},
                "required": ["dataset", "status"],
            },
            "then": {"properties": {"data": without_references(standard_schema(contract))}},
        }
        for name, contract in sorted(contracts.items())
    ]
    return document
