"""Source files, orders and objects for tests."""

import json

from services.processor.runtime.parsing import CsvRow
from services.processor.runtime.source_file import SourceFile


def source_file(
    *, dataset: str = "generic", contract_version: int = 1, version: str = "v1"
) -> SourceFile:
    return SourceFile(
        bucket="inbox",
        key="any/a.json",
        version=version,
        timestamp="2026-01-31T12:00:00.000Z",
        size_bytes=123,
        dataset=dataset,
        contract_version=contract_version,
        origin_region="us-east-1",
    )


def order_json(**changes: object) -> bytes:
    order: dict[str, object] = {
        "id": "o-1",
        "timestamp": "2026-01-31T23:30:00.250+01:00",
        "amount": 19.90,
        "currency": "EUR",
        "category": "books",
        "quantity": 2,
        "customer": {"id": "c-1", "email": "ana@example.com", "tier": "gold"},
        "tags": ["gift", "b2b"],
        "note": "leave at the door",
    }
    return json.dumps(order | changes).encode()


def order_row(**changes: str) -> dict[str, str]:
    row = {
        "id": "o-1",
        "timestamp": "2026-01-31T23:30:00.250+01:00",
        "amount": "19.90",
        "currency": "EUR",
        "category": "books",
        "quantity": "2",
        "customer_id": "c-1",
        "customer_email": "ana@example.com",
        "customer_tier": "gold",
        "tags": "gift|b2b",
        "note": "leave at the door",
    }
    return row | changes


def csv_row(number: int, raw: bytes, fields: dict[str, str], line: int = 0) -> CsvRow:
    return CsvRow(number, raw, tuple(fields), list(fields.values()), line)
