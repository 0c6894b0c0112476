"""Mistakes that producers make: each spoils one order, and names the code it is rejected with."""

from collections.abc import Callable
from typing import NamedTuple

from tests.samples.orders import Order, cells, csv_row, json_value


class Fault(NamedTuple):
    """A spoiled row, as ``row`` writes it, must be rejected with ``code``."""

    code: str
    row: Callable[[Order], bytes]


def _cell(column: str, text: str) -> Callable[[Order], bytes]:
    return lambda order: csv_row((cells(order) | {column: text}).values())


def _cell_too_many(order: Order) -> bytes:
    return csv_row([*cells(order).values(), "one too many"])


def _latin_1(order: Order) -> bytes:
    return _cell("note", "Café")(order).decode().encode("latin-1")


def _field(name: str, value: object) -> Callable[[Order], bytes]:
    return lambda order: json_value({**order, name: value})


def _customer(name: str, value: str) -> Callable[[Order], bytes]:
    return lambda order: json_value({**order, "customer": {**order["customer"], name: value}})


def _without_customer(order: Order) -> bytes:
    return json_value({name: value for name, value in order.items() if name != "customer"})


def _only_the_id(order: Order) -> bytes:
    return json_value(order["id"])


def _cut_off(order: Order) -> bytes:
    return json_value(order)[:-20]


CSV_FAULTS = (
    Fault("MISSING_FIELD", _cell("id", "")),
    Fault("BAD_FORMAT", _cell("amount", "12,50")),
    Fault("WRONG_TYPE", _cell("quantity", "three")),
    Fault("OUT_OF_RANGE", _cell("quantity", "0")),
    Fault("BAD_FORMAT", _cell("timestamp", "03.11.2026 09:15")),
    Fault("UNKNOWN_VALUE", _cell("customer_tier", "platinum")),
    Fault("OUT_OF_RANGE", _cell("amount", "-5.00")),
    Fault("BAD_FORMAT", _cell("currency", "Euro")),
    Fault("RAGGED_ROW", _cell_too_many),
    Fault("INVALID_UTF8", _latin_1),
)
JSON_FAULTS = (
    Fault("MISSING_FIELD", _without_customer),
    Fault("WRONG_TYPE", _field("quantity", "2")),
    Fault("UNKNOWN_FIELD", _field("ammount", 12.5)),
    Fault("OUT_OF_RANGE", _field("quantity", 0)),
    Fault("UNKNOWN_VALUE", _customer("tier", "platinum")),
    Fault("BAD_FORMAT", _field("timestamp", "2026-11-03T09:15:00")),
    Fault("BAD_FORMAT", _customer("email", "ana at example.com")),
    Fault("NOT_AN_OBJECT", _only_the_id),
)
# Only a line of its own can be broken alone: in an array, broken JSON ends the file.
LINE_FAULTS = (*JSON_FAULTS, Fault("INVALID_JSON", _cut_off))
