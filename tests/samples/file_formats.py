"""File formats in which a producer may send orders, and the faults that a row of each can have."""

import codecs
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.samples.faults import CSV_FAULTS, JSON_FAULTS, LINE_FAULTS, Fault
from tests.samples.orders import Order, cells, csv_row, json_value, orders

HEADER = csv_row(cells(next(orders(1, "header"))))


class FileFormat(NamedTuple):
    row: Callable[[Order], bytes]
    file: Callable[[list[bytes]], bytes]
    faults: Sequence[Fault]


def _row_of_csv(order: Order) -> bytes:
    return csv_row(cells(order).values())


def _csv(rows: list[bytes]) -> bytes:
    return b"\n".join([HEADER, *rows, b""])


def _spreadsheet(rows: list[bytes]) -> bytes:
    """Return what a spreadsheet on Windows exports."""
    return codecs.BOM_UTF8 + b"\r\n".join([HEADER, *rows, b""])


def _array(rows: list[bytes]) -> bytes:
    return b"[\n" + b",\n".join(rows) + b"\n]\n"


def _lines(rows: list[bytes]) -> bytes:
    return b"\n".join([*rows, b""])


def _cut_off(rows: list[bytes]) -> bytes:
    """Return an array whose upload broke off in the last element."""
    return _array(rows)[:-30]


CSV = FileFormat(_row_of_csv, _csv, CSV_FAULTS)
SPREADSHEET = FileFormat(_row_of_csv, _spreadsheet, CSV_FAULTS)
ARRAY = FileFormat(json_value, _array, JSON_FAULTS)
LINES = FileFormat(json_value, _lines, LINE_FAULTS)
CUT_OFF = FileFormat(json_value, _cut_off, JSON_FAULTS)
