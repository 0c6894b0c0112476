"""The contract of a shop's orders."""

from typing import Annotated, Literal, NotRequired, TypedDict

from msgspec import Meta, Struct

from services.processor.runtime.declaration import (
    Contract,
    Example,
    Moment,
    MomentText,
    Number,
    number,
    utc_ms,
)

Name = Annotated[
    str,
    Meta(title="a non-blank text", pattern=r"\S", max_length=64, examples=["o-1001"]),
]
Currency = Annotated[
    str,
    Meta(
        title="three letters",
        description="The currency of the amount, by its code in ISO 4217.",
        pattern=r"^\s*[A-Za-z]{3}\s*$",
        examples=["EUR"],
    ),
]
Email = Annotated[
    str,
    Meta(
        title="an e-mail address",
        pattern=r"^\s*[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\s*$",
        max_length=254,
        examples=["ana@example.com"],
    ),
]
Tier = Literal["basic", "silver", "gold"]
# Four decimals are the most that a currency has.
Amount = Annotated[Number, number(minimum=0, decimal_places=4, examples=["19.90"])]
Quantity = Annotated[int, Meta(description="How many were ordered.", ge=1, examples=[2])]


class Customer(Struct, forbid_unknown_fields=True):
    """The customer who placed the order."""

    id: Annotated[Name, Meta(examples=["c-17"])]
    tier: Tier
    email: Email | None = None


class Order(Struct, forbid_unknown_fields=True):
    """An order as shops write it."""

    id: Annotated[Name, Meta(description="The shop's number of the order.")]
    timestamp: Annotated[Moment, Meta(description="When it was placed.")]
    amount: Annotated[Amount, Meta(description="Its total.")]
    currency: Currency
    category: Annotated[Name, Meta(examples=["books"])]
    quantity: Quantity
    customer: Customer
    tags: list[Annotated[Name, Meta(examples=["gift"])]] | None = None
    note: str | None = None


class StandardCustomer(TypedDict):
    """The customer who placed the order."""

    id: str
    tier: Tier
    email: NotRequired[Annotated[str, Meta(description="In lower case.")]]


class StandardOrder(TypedDict):
    """An order in its standard form, without blanks around texts."""

    orderId: str
    orderedAt: MomentText
    amount: Amount
    currency: Annotated[str, Meta(description="In upper case.")]
    category: Annotated[str, Meta(description="In lower case.")]
    quantity: Quantity
    customer: StandardCustomer
    tags: Annotated[list[str], Meta(description="Sorted, each once; perhaps empty.")]
    note: NotRequired[str]


def _standardise(order: Order) -> StandardOrder:
    standard: StandardOrder = {
        "orderId": order.id.strip(),
        "orderedAt": utc_ms(order.timestamp),
        "amount": order.amount,
        "currency": order.currency.strip().upper(),
        "category": order.category.strip().lower(),
        "quantity": order.quantity,
        "customer": _customer(order.customer),
        "tags": sorted({tag.strip() for tag in order.tags or ()}),
    }
    if order.note and order.note.strip():
        standard["note"] = order.note.strip()
    return standard


def _customer(customer: Customer) -> StandardCustomer:
    standard: StandardCustomer = {"id": customer.id.strip(), "tier": customer.tier}
    if customer.email:
        standard["email"] = customer.email.strip().lower()
    return standard


_EXAMPLE = {
    "id": "o-1001",
    "timestamp": "2026-01-31T23:30:00+01:00",
    "amount": "19.90",
    "currency": "EUR",
    "category": "books",
    "quantity": 2,
    "customer": {"id": "c-17", "tier": "gold", "email": "ana@example.com"},
    "tags": ["gift", "express"],
}

CONTRACT = Contract(
    dataset="orders",
    version=2,
    description="Orders that customers placed in a shop.",
    row=Order,
    standard_form=StandardOrder,
    standardise=_standardise,
    key=("orderId",),
    time="orderedAt",
    examples=(
        Example(row=_EXAMPLE),
        Example(row=_EXAMPLE | {"currency": "EURO"}, refused="BAD_FORMAT"),
        Example(row=_EXAMPLE | {"timestamp": "2026-01-31T23:30:00"}, refused="BAD_FORMAT"),
        Example(row=_EXAMPLE | {"quantity": 0}, refused="OUT_OF_RANGE"),
        Example(row=_EXAMPLE | {"ammount": 12.5}, refused="UNKNOWN_FIELD"),
    ),
)
