"""Every way to lay out the same rows, under a key with all that a key may be made of."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from naming import STANDBY
from tests.e2e.cases import Case, Data
from tests.samples.orders import cells

Row = Mapping[str, Any]

AWKWARD = "2026 11/a+b 100% %2B %20/Büro 日本"
BOM = b"\xef\xbb\xbf"

ORDERS = (
    {
        "id": " A-1 ",
        "timestamp": "2026-11-02T09:00:00+01:00",
        "amount": 19.90,
        "currency": "eur",
        "category": "Books",
        "quantity": 2,
        "customer": {"id": "C1", "tier": "gold", "email": "Ana@Example.com"},
        "tags": ["promo", "gift"],
        "note": 'Ring "twice",\nthen wait',
    },
    {
        "id": "A-2",
        "timestamp": "2026-11-02T08:01:37.5Z",
        "amount": 1234.5678,
        "currency": "USD",
        "category": "toys",
        "quantity": 1,
        "customer": {"id": "C2", "tier": "basic"},
    },
)
ORDERS_STORED: tuple[Data, ...] = (
    {
        "orderId": "A-1",
        "orderedAt": "2026-11-02T08:00:00.000Z",
        "amount": Decimal("19.9"),
        "currency": "EUR",
        "category": "books",
        "quantity": 2,
        "customer": {"id": "C1", "tier": "gold", "email": "ana@example.com"},
        "tags": ["gift", "promo"],
        "note": 'Ring "twice",\nthen wait',
    },
    {
        "orderId": "A-2",
        "orderedAt": "2026-11-02T08:01:37.500Z",
        "amount": Decimal("1234.5678"),
        "currency": "USD",
        "category": "toys",
        "quantity": 1,
        "customer": {"id": "C2", "tier": "basic"},
        "tags": [],
    },
)
# Without a contract, JSON keeps its values and CSV its texts.
READINGS = (
    {"hall": "A", "°C": 21.5, "remark": "two\r\nlines, one comma"},
    {"hall": "B", "°C": -3, "remark": ""},
)
READINGS_STORED: tuple[Data, ...] = (
    {"hall": "A", "°C": Decimal("21.5"), "remark": "two\r\nlines, one comma"},
    {"hall": "B", "°C": -3, "remark": ""},
)
READINGS_AS_TEXT: tuple[Data, ...] = (
    {"hall": "A", "°C": "21.5", "remark": "two\r\nlines, one comma"},
    {"hall": "B", "°C": "-3", "remark": ""},
)


def _object(rows: Sequence[Row]) -> bytes:
    return json.dumps(rows[0], indent=2).encode()


def _array(rows: Sequence[Row]) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def _lines(rows: Sequence[Row]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _csv(rows: Sequence[Row], end: str = "\n") -> bytes:
    """Fields with a comma, a quote or a newline of their own are quoted."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _csv_crlf(rows: Sequence[Row]) -> bytes:
    return _csv(rows, "\r\n")


class Layout(NamedTuple):
    suffix: str
    write: Callable[[Sequence[Row]], bytes]
    rows: int = 2


LAYOUTS = {
    "object": Layout("json", _object, 1),
    "array": Layout("json", _array),
    "lines": Layout("json", _lines),
    "gzip": Layout("json", lambda rows: gzip.compress(_array(rows))),
    "LF": Layout("csv", _csv),
    "CRLF": Layout("csv", _csv_crlf),
    "BOM": Layout("csv", lambda rows: BOM + _csv_crlf(rows)),
    "without a last newline": Layout("csv", lambda rows: _csv(rows).rstrip()),
    "gzip of CSV": Layout("csv", lambda rows: gzip.compress(_csv(rows))),
}


def formats() -> Iterator[Case]:
    for name, layout in LAYOUTS.items():
        is_csv = layout.suffix == "csv"
        orders = _named(name, ORDERS, "id")
        written = [cells(order) for order in orders] if is_csv else orders
        stored = _named(name, ORDERS_STORED, "orderId")
        yield _case(f"orders in {name}", "orders", layout, written, stored)
        readings = READINGS_AS_TEXT if is_csv else READINGS_STORED
        yield _case(f"readings in {name}", "hall readings", layout, READINGS, readings)


def _named(name: str, orders: Sequence[Row], id_field: str) -> list[Data]:
    """Return orders whose ids no other file has, so that no file supersedes another's."""
    return [{**order, id_field: order[id_field].replace("A-", f"A {name} ")} for order in orders]


def _case(
    name: str, folder: str, layout: Layout, rows: Sequence[Row], stored: Sequence[Data]
) -> Case:
    return Case(
        name=name,
        key=f"{folder}/{AWKWARD}/{name}.{layout.suffix}",
        content=layout.write(rows),
        accepted=dict(enumerate(stored[: layout.rows], 1)),
    )


def at_the_standby() -> Case:
    return Case(
        name="orders put in the standby's bucket",
        key=f"orders/{AWKWARD}/standby.json",
        content=_lines(_named("standby", ORDERS, "id")),
        region=STANDBY,
        accepted=dict(enumerate(_named("standby", ORDERS_STORED, "orderId"), 1)),
    )
