"""How a producer may lay orders out in a file, and what may be wrong with a row of it."""

import codecs
from collections.abc import Callable, Sequence
from typing import NamedTuple

from local.demo.faults import CSV_FAULTS, JSON_FAULTS, LINE_FAULTS, Fault
from local.demo.orders import Order, cells, orders
from local.demo.writing import csv_row, json_value

HEADER = csv_row(cells(next(orders(1, "header"))))


class Form(NamedTuple):
    row: Callable[[Order], bytes]
    file: Callable[[list[bytes]], bytes]
    faults: Sequence[Fault]


def _row_of_csv(order: Order) -> bytes:
    return csv_row(cells(order).values())


def _csv(rows: list[bytes]) -> bytes:
    return b"\n".join([HEADER, *rows, b""])


def _spreadsheet(rows: list[bytes]) -> bytes:
    """As spreadsheets export it on Windows."""
    return codecs.BOM_UTF8 + b"\r\n".join([HEADER, *rows, b""])


def _array(rows: list[bytes]) -> bytes:
    return b"[\n" + b",\n".join(rows) + b"\n]\n"


def _lines(rows: list[bytes]) -> bytes:
    return b"\n".join([*rows, b""])


def _cut_off(rows: list[bytes]) -> bytes:
    """An upload of an array that broke off in its last element."""
    return _array(rows)[:-30]


CSV = Form(_row_of_csv, _csv, CSV_FAULTS)
SPREADSHEET = Form(_row_of_csv, _spreadsheet, CSV_FAULTS)
ARRAY = Form(json_value, _array, JSON_FAULTS)
LINES = Form(json_value, _lines, LINE_FAULTS)
CUT_OFF = Form(json_value, _cut_off, JSON_FAULTS)
