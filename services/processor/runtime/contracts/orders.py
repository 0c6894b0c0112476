"""The contract of a shop's orders.

An unknown field rejects the row: dropping the field would lose data silently.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from services.processor.runtime.attributes import Plain, normal, utc_ms
from services.processor.runtime.contracts.base import Contract
from services.processor.runtime.errors import RejectedRowError

MAX_DECIMAL_PLACES = 4  # the most a currency has
_AMOUNT_TEXT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_WHOLE_TEXT = re.compile(r"-?[0-9]{1,18}")
_CUSTOMER_COLUMNS = ("customer_id", "customer_email", "customer_tier")
_ORDER_COLUMNS = ("id", "timestamp", "amount", "currency", "category", "quantity")
_COLUMNS = frozenset((*_ORDER_COLUMNS, *_CUSTOMER_COLUMNS, "tags", "note"))

Name = Annotated[str, Meta(pattern=r"\S", max_length=64)]
Currency = Annotated[str, Meta(pattern=r"^\s*[A-Za-z]{3}\s*$")]
Email = Annotated[str, Meta(pattern=r"^\s*[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\s*$", max_length=254)]


class Customer(msgspec.Struct, forbid_unknown_fields=True):
    """The customer who placed an order."""

    id: Name
    tier: Literal["basic", "silver", "gold"]
    email: Email | None = None


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """One order; ``amount`` may be a number or a string, which :func:`_amount` keeps exact."""

    id: Name
    timestamp: Annotated[datetime, Meta(tz=True)]
    amount: Any
    currency: Currency
    category: Name
    quantity: Annotated[int, Meta(ge=1)]
    customer: Customer
    tags: list[Name] | None = None
    note: str | None = None


_DECODER = msgspec.json.Decoder(Order, float_hook=Decimal)


def _decode_csv(fields: Mapping[str, str]) -> Order:
    """Arrange the cells like the JSON form; an empty cell is an absent field."""
    for column in fields:
        if column not in _COLUMNS:
            raise RejectedRowError("UNKNOWN_FIELD", "unknown column", column)
    cells = {name: cell.strip() for name, cell in fields.items() if cell.strip()}
    order: dict[str, object] = {"customer": {}, **cells}
    order["customer"] = {
        name.removeprefix("customer_"): order.pop(name)
        for name in _CUSTOMER_COLUMNS
        if name in cells
    }
    if "tags" in cells:
        order["tags"] = cells["tags"].split("|")
    if _WHOLE_TEXT.fullmatch(cells.get("quantity", "")):
        order["quantity"] = int(cells["quantity"])
    return msgspec.convert(order, Order)


def _standardise(order: Order) -> dict[str, Plain]:
    standard: dict[str, Plain] = {
        "orderId": order.id.strip(),
        "orderedAt": _ordered_at(order.timestamp),
        "amount": _amount(order.amount),
        "currency": order.currency.strip().upper(),
        "category": order.category.strip().lower(),
        "quantity": order.quantity,
        "customer": _customer(order.customer),
        "tags": sorted({tag.strip() for tag in order.tags or ()}),
    }
    if order.note and order.note.strip():
        standard["note"] = order.note.strip()
    return standard


def _customer(customer: Customer) -> dict[str, Plain]:
    standard: dict[str, Plain] = {"id": customer.id.strip(), "tier": customer.tier}
    if customer.email:
        standard["email"] = customer.email.strip().lower()
    return standard


def _ordered_at(moment: datetime) -> str:
    try:
        return utc_ms(moment)
    except OverflowError as error:
        raise RejectedRowError("OUT_OF_RANGE", "date out of range in UTC", "timestamp") from error


def _amount(value: object) -> int | Decimal:
    if isinstance(value, str):
        if not _AMOUNT_TEXT.fullmatch(value.strip()):
            raise RejectedRowError("BAD_FORMAT", "not a decimal number", "amount")
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RejectedRowError("WRONG_TYPE", "Expected a number", "amount")
    amount = normal(Decimal(value))
    if amount < 0:
        raise RejectedRowError("OUT_OF_RANGE", "Expected a number >= 0", "amount")
    if isinstance(amount, Decimal) and int(amount.as_tuple().exponent) < -MAX_DECIMAL_PLACES:
        raise RejectedRowError(
            "BAD_FORMAT", f"more than {MAX_DECIMAL_PLACES} decimal places", "amount"
        )
    return amount


CONTRACT = Contract[Order](
    dataset="orders",
    version=2,
    key=("orderId",),
    time="orderedAt",
    decode_json=_DECODER.decode,
    decode_csv=_decode_csv,
    standardise=_standardise,
)
