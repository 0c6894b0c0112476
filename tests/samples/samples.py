"""The sample files and the expected outcome of each row, known from writing them, not reading."""

import codecs
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import naming
from local.demo.input_files import EXPECTED
from tests.samples import file_formats, readings
from tests.samples.file_formats import FileFormat
from tests.samples.orders import json_value, orders


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """A file and its outcome: ``rejected`` has codes by row, ``failure`` a code and a row."""

    key: str
    content: bytes
    region: str = naming.PRIMARY
    status: str = "COMPLETED"
    rows: int = 0
    rejected: Mapping[int, str] = field(default_factory=dict)
    failure: Mapping[str, str | int] = field(default_factory=dict)


def samples() -> Iterator[Sample]:
    yield _orders("orders/orders.csv", file_formats.CSV, 1200, bad_every=40)
    yield _orders("orders/2026/11/store-17.json", file_formats.ARRAY, 500, bad_every=50)
    yield _orders("orders/2026/11/web.json", file_formats.LINES, 500, bad_every=30)
    yield _one_order("orders/2026/11/one-order.json")
    yield _orders(
        "orders/Büro + Lager/Aufträge März.csv", file_formats.SPREADSHEET, 150, bad_every=30
    )
    yield _orders("orders/2026/all-bad.csv", file_formats.CSV, 10, bad_every=1)
    yield _orders("orders/2026/header-only.csv", file_formats.CSV, 0)
    yield _utf_16("orders/2026/export-utf16.csv")
    yield _cut_off("orders/2026/cut-off.json", 40)
    yield _readings("sensors/readings.json", 300)
    yield _levels("stock/levels.csv", 200)
    yield _measured("readings/2026/11/warehouse.csv", 240, bad_every=30)
    yield _sent("readings/2026/11/gateway.json", 120)
    yield _ignored("notes/about.txt", b"Neither .json nor .csv.\n")
    standby = _orders("orders/2026/11/store-42.csv", file_formats.CSV, 250, bad_every=50)
    yield replace(standby, region=naming.STANDBY)


def _orders(key: str, file_format: FileFormat, count: int, bad_every: int = 0) -> Sample:
    """Return a file of ``count`` orders; one in ``bad_every`` has the next fault."""
    rows: list[bytes] = []
    rejected: dict[int, str] = {}
    faults = cycle(file_format.faults)
    for number, order in enumerate(orders(count, key), 1):
        if bad_every and number % bad_every == 0:
            fault = next(faults)
            rejected[number] = fault.code
            rows.append(fault.row(order))
        else:
            rows.append(file_format.row(order))
    return Sample(key=key, content=file_format.file(rows), rows=count, rejected=rejected)


def _one_order(key: str) -> Sample:
    [order] = orders(1, key)
    return Sample(key=key, content=json.dumps(order, indent=2).encode() + b"\n", rows=1)


def _utf_16(key: str) -> Sample:
    whole = _orders(key, file_formats.CSV, 20)
    content = codecs.BOM_UTF16_LE + whole.content.decode().encode("utf-16-le")
    return Sample(key=key, content=content, status="FAILED", failure={"code": "NOT_UTF8"})


def _ignored(key: str, content: bytes) -> Sample:
    return Sample(key=key, content=content, status="IGNORED", failure={"code": "UNKNOWN_SUFFIX"})


def _cut_off(key: str, count: int) -> Sample:
    """Return a truncated file: the rows before the damage are stored, and the file has failed."""
    whole = _orders(key, file_formats.CUT_OFF, count)
    failure: dict[str, str | int] = {"code": "TRUNCATED_JSON", "row": count}
    return replace(whole, rows=count - 1, status="FAILED", failure=failure)


def _readings(key: str, count: int) -> Sample:
    """Return a dataset without a contract: any object is accepted, anything else rejected."""
    rows = [
        json_value({"sensor": f"hall-{n % 7}", "celsius": 18 + n % 50 / 10, "at": {"second": n}})
        for n in range(1, count + 1)
    ]
    rows[99] = json_value(21.5)
    rows[199] = json_value(["hall-3", 21.5])
    rejected = {100: "NOT_AN_OBJECT", 200: "NOT_AN_OBJECT"}
    return Sample(key=key, content=file_formats.LINES.file(rows), rows=count, rejected=rejected)


def _levels(key: str, count: int) -> Sample:
    rows = [f"SKU-{n:04d},{n * 7 % 90},aisle {n % 12}".encode() for n in range(1, count + 1)]
    rows[41] = b"SKU-0042,13"
    content = b"\n".join([b"sku,level,place", *rows, b""])
    return Sample(key=key, content=content, rows=count, rejected={42: "RAGGED_ROW"})


def _measured(key: str, count: int, bad_every: int) -> Sample:
    """Return a file in the form of its producer, where one in ``bad_every`` has the next fault."""
    rows = [";".join(readings.COLUMNS).encode()]
    rejected: dict[int, str] = {}
    faults = cycle(readings.FAULTS)
    for number, reading in enumerate(readings.readings(count, key), 1):
        changes: dict[str, str] = {}
        if number % bad_every == 0:
            rejected[number], changes = next(faults)
        rows.append(readings.csv_row(reading | changes))
    return Sample(key=key, content=b"\n".join([*rows, b""]), rows=count, rejected=rejected)


def _sent(key: str, count: int) -> Sample:
    """Return the same producer's JSON: numbers are JSON's, moments are in the producer's form."""
    rows = [json_value(reading) for reading in readings.readings(count, key, day=1)]
    rows[9] = rows[9].replace(b'"quantity"', b'"sensor": "hall-1", "quantity"')
    rows[19] = rows[19].replace(b'"value": ', b'"value": "ca. ", "was": ')
    rejected = {10: "DUPLICATE_FIELD", 20: "UNKNOWN_FIELD"}
    return Sample(key=key, content=file_formats.LINES.file(rows), rows=count, rejected=rejected)


def files() -> dict[str, bytes]:
    """Return what is in ``samples/``: contents by path below it, the expectations included."""
    written = {sample.key: sample.content for sample in samples()}
    expected = json.dumps([_expected(sample) for sample in samples()], indent=1, ensure_ascii=False)
    return written | {EXPECTED: expected.encode() + b"\n"}


def _expected(sample: Sample) -> dict[str, Any]:
    """Return the expected outcome of a file, as ``local.demo.input_files`` reads it."""
    return {
        "key": sample.key,
        "region": sample.region,
        "status": sample.status,
        "rowsRead": sample.rows,
        "rowsAccepted": sample.rows - len(sample.rejected),
        "rowsRejected": len(sample.rejected),
        "rejected": {str(row): code for row, code in sample.rejected.items()},
        "failure": dict(sample.failure),
    }


def write(folder: Path) -> None:
    """Replace ``folder`` with the sample files; anything else in it is deleted."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
