"""The forms of files that producers send."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from drill.orders import Row

Form = Callable[[Sequence[Row]], bytes]
COLUMNS = (
    *("id", "timestamp", "amount", "currency", "category", "quantity"),
    *("customer_id", "customer_tier", "customer_email", "tags", "note"),
)


def as_csv(rows: Sequence[Row]) -> bytes:
    """Return a file with a header; nested fields are columns, tags one cell."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(row.sent) for row in rows)
    return file.getvalue().encode()


def as_array(rows: Sequence[Row]) -> bytes:
    """Return one JSON array."""
    return json.dumps([row.sent for row in rows], ensure_ascii=False, indent=1).encode()


def as_lines(rows: Sequence[Row]) -> bytes:
    """Return one JSON object a line."""
    return b"".join(json.dumps(row.sent).encode() + b"\n" for row in rows)


# By the suffix of the key.
FORMS: dict[str, Form] = {
    ".csv": as_csv,
    ".json": as_array,
    ".jsonl": as_lines,
    ".csv.gz": lambda rows: gzip.compress(as_csv(rows), mtime=0),
    ".json.gz": lambda rows: gzip.compress(as_array(rows), mtime=0),
    ".jsonl.gz": lambda rows: gzip.compress(as_lines(rows), mtime=0),
}


def _cells(sent: dict[str, Any]) -> list[str]:
    customer = sent["customer"]
    flat = {
        **sent,
        **{f"customer_{name}": value for name, value in customer.items()},
        "tags": "|".join(sent.get("tags", ())),
    }
    return [str(flat.get(name, "")) for name in COLUMNS]
