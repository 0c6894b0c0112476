"""The sample files, and what must become of each row: said by the writer, not the reader."""

import codecs
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle

from local.demo import forms
from local.demo.forms import Form
from local.demo.orders import orders
from local.demo.writing import json_value


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A file and its outcome: ``rejected`` has codes by row, ``failure`` a code and a row."""

    key: str
    content: bytes
    region: str = "us-east-1"
    status: str = "COMPLETED"
    rows: int = 0
    rejected: Mapping[int, str] = field(default_factory=dict)
    failure: Mapping[str, str | int] = field(default_factory=dict)


def samples() -> Iterator[Sample]:
    yield _orders("orders/orders.csv", forms.CSV, 1200, bad_every=40)
    yield _orders("orders/2026/11/store-17.json", forms.ARRAY, 500, bad_every=50)
    yield _orders("orders/2026/11/web.json", forms.LINES, 500, bad_every=30)
    yield _one_order("orders/2026/11/one-order.json")
    yield _orders("orders/Büro + Lager/Aufträge März.csv", forms.SPREADSHEET, 150, bad_every=30)
    yield _orders("orders/2026/all-bad.csv", forms.CSV, 10, bad_every=1)
    yield _orders("orders/2026/header-only.csv", forms.CSV, 0)
    yield _utf_16("orders/2026/export-utf16.csv")
    yield _cut_off("orders/2026/cut-off.json", 40)
    yield _readings("sensors/readings.json", 300)
    yield _levels("stock/levels.csv", 200)
    yield Sample(key="notes/about.txt", content=b"Neither .json nor .csv.\n", status="IGNORED")
    standby = _orders("orders/2026/11/store-42.csv", forms.CSV, 250, bad_every=50)
    yield replace(standby, region="us-west-2")


def _orders(key: str, form: Form, count: int, bad_every: int = 0) -> Sample:
    """A file of ``count`` orders, of which one in ``bad_every`` is spoiled, each in another way."""
    rows: list[bytes] = []
    rejected: dict[int, str] = {}
    faults = cycle(form.faults)
    for number, order in enumerate(orders(count, key), 1):
        if bad_every and number % bad_every == 0:
            fault = next(faults)
            rejected[number] = fault.code
            rows.append(fault.row(order))
        else:
            rows.append(form.row(order))
    return Sample(key=key, content=form.file(rows), rows=count, rejected=rejected)


def _one_order(key: str) -> Sample:
    [order] = orders(1, key)
    return Sample(key=key, content=json.dumps(order, indent=2).encode() + b"\n", rows=1)


def _utf_16(key: str) -> Sample:
    whole = _orders(key, forms.CSV, 20)
    content = codecs.BOM_UTF16_LE + whole.content.decode().encode("utf-16-le")
    return Sample(key=key, content=content, status="FAILED", failure={"code": "NOT_UTF8"})


def _cut_off(key: str, count: int) -> Sample:
    """The rows before the damage are stored; the file is not complete, whoever looks at it."""
    whole = _orders(key, forms.CUT_OFF, count)
    failure: dict[str, str | int] = {"code": "TRUNCATED_JSON", "row": count}
    return replace(whole, rows=count - 1, status="FAILED", failure=failure)


def _readings(key: str, count: int) -> Sample:
    """A dataset without a contract: any object is taken as it is, and anything else refused."""
    rows = [
        json_value({"sensor": f"hall-{n % 7}", "celsius": 18 + n % 50 / 10, "at": {"second": n}})
        for n in range(1, count + 1)
    ]
    rows[99] = json_value(21.5)
    rows[199] = json_value(["hall-3", 21.5])
    rejected = {100: "NOT_AN_OBJECT", 200: "NOT_AN_OBJECT"}
    return Sample(key=key, content=forms.LINES.file(rows), rows=count, rejected=rejected)


def _levels(key: str, count: int) -> Sample:
    rows = [f"SKU-{n:04d},{n * 7 % 90},aisle {n % 12}".encode() for n in range(1, count + 1)]
    rows[41] = b"SKU-0042,13"
    content = b"\n".join([b"sku,level,place", *rows, b""])
    return Sample(key=key, content=content, rows=count, rejected={42: "RAGGED_ROW"})
