"""The files of the benchmarks: the same bytes on every machine, in the shape of the contracts.

A row depends on its number and its set only, so a smaller file begins like a larger one. Files are
written once and kept.
"""

import csv
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

Row = dict[str, Any]

CSV_COLUMNS = (
    *("id", "timestamp", "amount", "currency", "category", "quantity"),
    *("customer_id", "customer_email", "customer_tier", "tags", "note"),
)
SUFFIXES = ("ndjson", "json", "csv")
# One row of twenty is bad.
BAD_EVERY = 20

_SEED = 2026
_FIRST_ORDER = datetime(2026, 1, 1, tzinfo=UTC)
_CURRENCIES = ("EUR", "USD", "GBP", "JPY", "CAD")
_CATEGORIES = ("books", "garden", "toys", "grocery", "clothing", "electronics")
_TIERS = ("basic", "silver", "gold")
_TAGS = ("gift", "express", "promo", "return", "first")
_NOTES = ("Leave at the door", 'Customer said "ring twice"', "Büro, 3. Stock", "Fragile, with care")
_NAMES = ("ana", "bo", "chen", "dana", "eli", "fatima", "george", "hana")
_FAULTS: Sequence[Row] = (
    {"currency": "EURO"},
    {"quantity": 0},
    {"timestamp": "2026-01-31T23:30:00"},
    {"amount": -1},
    {"ammount": 12.5},
)
_WIDE_TEXTS, _WIDE_NUMBERS = 40, 20


def orders() -> Iterator[Row]:
    """Yield orders without end: about 300 bytes each as JSON, 170 as CSV."""
    draw = random.Random(_SEED)  # noqa: S311  # nobody has to guess it
    pick, bits = draw.choice, draw.getrandbits
    number = 0
    while True:
        number += 1
        placed = _FIRST_ORDER + timedelta(milliseconds=number * 137 + bits(7))
        customer = {"id": f"c-{bits(26)}", "tier": pick(_TIERS)}
        if bits(3):
            customer["email"] = f"{pick(_NAMES)}.{bits(16)}@example.com"
        order: Row = {
            "id": f"{bits(32):08x}-{number:09d}",
            "timestamp": placed.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "amount": (bits(17) + 1) / 100,
            "currency": pick(_CURRENCIES),
            "category": pick(_CATEGORIES),
            "quantity": 1 + bits(3),
            "customer": customer,
        }
        if bits(1):
            order["tags"] = draw.sample(_TAGS, 1 + bits(1))
        if not bits(2):
            order["note"] = pick(_NOTES)
        yield order


def orders_with_bad_rows() -> Iterator[Row]:
    """Yield orders of which one in ``BAD_EVERY`` breaks the contract, each time in another way."""
    for number, order in enumerate(orders()):
        if number % BAD_EVERY == BAD_EVERY - 1:
            yield order | _FAULTS[number // BAD_EVERY % len(_FAULTS)]
        else:
            yield order


def wide() -> Iterator[Row]:
    """Yield rows of 60 fields, about 2 KB as JSON, of a dataset without a contract of its own."""
    draw = random.Random(_SEED)  # noqa: S311  # nobody has to guess it
    number = 0
    while True:
        number += 1
        row: Row = {"id": f"w-{number:09d}"}
        row |= {f"text_{n:02d}": f"{draw.getrandbits(96):024x}" for n in range(_WIDE_TEXTS)}
        row |= {f"number_{n:02d}": draw.getrandbits(24) for n in range(_WIDE_NUMBERS)}
        yield row


SETS: dict[str, Callable[[], Iterator[Row]]] = {
    "orders": orders,
    "bad": orders_with_bad_rows,
    "wide": wide,
}
# A dataset is named by the first folder of a key, and a set that is none is read as ``generic``.
DATASETS = {"orders": "orders", "bad": "orders", "wide": "wide"}


def file_of(folder: Path, set_name: str, rows: int, suffix: str) -> Path:
    """Return the file with the first ``rows`` rows of a set; write it unless it is there."""
    path = folder / f"{set_name}-{rows}.{suffix}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            first = (row for row, _ in zip(SETS[set_name](), range(rows), strict=False))
            _WRITERS[suffix](out, first)
        unfinished.rename(path)
    return path


def _write_lines(out: TextIO, rows: Iterable[Row]) -> None:
    out.writelines(_text(row) + "\n" for row in rows)


def _write_array(out: TextIO, rows: Iterable[Row]) -> None:
    out.writelines((",\n" if number else "[") + _text(row) for number, row in enumerate(rows))
    out.write("]\n")


def _write_table(out: TextIO, rows: Iterable[Row]) -> None:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(CSV_COLUMNS)
    table.writerows(map(_cells, rows))


def _cells(order: Row) -> list[object]:
    """Return an order as a row of CSV; the tags are in one cell, as the contract reads them."""
    customer = order["customer"]
    flat = {
        **order,
        **{f"customer_{name}": value for name, value in customer.items()},
        "tags": "|".join(order.get("tags", ())),
    }
    return [flat.get(column, "") for column in CSV_COLUMNS]


def _text(row: Row) -> str:
    return json.dumps(row, separators=(",", ":"), ensure_ascii=False)


_WRITERS: dict[str, Callable[[TextIO, Iterable[Row]], None]] = {
    "ndjson": _write_lines,
    "json": _write_array,
    "csv": _write_table,
}
