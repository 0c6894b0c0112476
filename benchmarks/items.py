"""The item of a row, built as a program of a page would build it: the peers' share of the work.

Every peer has to do what the processor does (parse, validate, standard form, address, item), so
that all send the same items; ``peers/items.mjs`` is the same in JavaScript. Bad rows are left
out, where the processor stores them as rejected: a peer does less for them.
"""

import csv
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

Item = dict[str, Any]

CONDITION = (
    "(attribute_not_exists(precedence) OR precedence < :precedence) "
    "AND attribute_not_exists(correctedBy)"
)
_SHARDS = 64
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_TIERS = ("basic", "silver", "gold")
_FIELDS = {
    *("id", "timestamp", "amount", "currency", "category", "quantity", "customer"),
    *("tags", "note"),
}


class BadRowError(Exception):
    """A row breaks the contract of its dataset."""


def items(path: Path, form: str, origin: Mapping[str, str]) -> Iterator[Item]:
    """Yield the items of the good rows of a file of ``form``: ``ndjson``, ``json`` or ``csv``.

    ``origin`` has the bucket, key and version of the object, when it was put, and its region.
    """
    keyed = origin["dataset"] == "orders"
    for number, row in enumerate(_ROWS[form](path), start=1):
        try:
            data = standard_order(row) if keyed else row
        except (BadRowError, LookupError, ValueError, TypeError):
            continue
        yield item(data, number, origin)


def item(data: Item, row: int, origin: Mapping[str, str]) -> Item:
    """Return the item of the standard form ``data``, which the condition lets win if newer."""
    keyed = origin["dataset"] == "orders"
    record_id = f"orders:{data['orderId']}" if keyed else f"{_file_id(origin)}.{row:09d}"
    version = 2 if keyed else 1
    canonical = json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=float
    )
    file = f"{origin['lastModified']}/{origin['sequencer']}/{origin['version']}/{version:09d}"
    return {
        "recordId": record_id,
        "timestamp": data["orderedAt"] if keyed else origin["lastModified"],
        "itemType": "RECORD",
        "status": "ACCEPTED",
        "shard": zlib.crc32(record_id.encode()) % _SHARDS,
        "precedence": f"{file}/{row:09d}",
        "dataset": origin["dataset"],
        "contractVersion": version,
        "originRegion": origin["region"],
        "source": {
            "bucket": origin["bucket"],
            "key": origin["key"],
            "version": origin["version"],
            "row": row,
        },
        "data": data,
        "digest": hashlib.sha256(canonical.encode()).hexdigest(),
    }


def standard_order(row: Item) -> Item:
    """Return an order in its standard form; raise an error for one that breaks the contract."""
    _require(row.keys() <= _FIELDS)
    amount = Decimal(row["amount"])
    _require(amount >= 0)
    _require(row["quantity"] >= 1)
    _require(_CURRENCY.fullmatch(row["currency"].strip()))
    placed = datetime.fromisoformat(row["timestamp"])
    _require(placed.tzinfo)
    standard = {
        "orderId": _name(row["id"]),
        "orderedAt": placed.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z",
        "amount": int(amount) if amount == amount.to_integral_value() else amount.normalize(),
        "currency": row["currency"].strip().upper(),
        "category": _name(row["category"]).lower(),
        "quantity": row["quantity"],
        "customer": _customer(row["customer"]),
        "tags": sorted({_name(tag) for tag in row.get("tags") or ()}),
    }
    if note := (row.get("note") or "").strip():
        standard["note"] = note
    return standard


def _customer(customer: Item) -> Item:
    _require(customer["tier"] in _TIERS)
    standard = {"id": _name(customer["id"]), "tier": customer["tier"]}
    if email := (customer.get("email") or "").strip():
        _require(_EMAIL.fullmatch(email))
        standard["email"] = email.lower()
    return standard


def _name(text: str) -> str:
    name = text.strip()
    _require(name)
    return name


def _require(condition: object) -> None:
    if not condition:
        raise BadRowError


def _file_id(origin: Mapping[str, str]) -> str:
    identity = f"{origin['bucket']}\0{origin['key']}\0{origin['version']}".encode()
    return "f" + hashlib.sha256(identity).hexdigest()[:31]


def _lines(path: Path) -> Iterator[Item]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line, parse_float=Decimal)


def _array(path: Path) -> Iterator[Item]:
    with path.open(encoding="utf-8") as file:
        yield from json.load(file, parse_float=Decimal)


def _table(path: Path) -> Iterator[Item]:
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            filled = {name: cell for name, cell in cells.items() if cell}
            customer = {
                name.removeprefix("customer_"): filled.pop(name)
                for name in ("customer_id", "customer_email", "customer_tier")
                if name in filled
            }
            tags = filled.pop("tags", "").split("|")
            quantity = int(filled.pop("quantity"))
            yield {
                **filled,
                "quantity": quantity,
                "customer": customer,
                "tags": [*filter(None, tags)],
            }


_ROWS = {"ndjson": _lines, "json": _array, "csv": _table}
