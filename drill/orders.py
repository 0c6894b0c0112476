"""Orders of an invented shop: as a producer writes them, and what must be stored of each.

Both come from the same random choices and never from each other, so that a wrong reading of one
form can't be repeated in the other.
"""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

OPENED_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
CATEGORIES = ("books", "garden", "toys")
CURRENCIES = ("EUR", "USD", "JPY")
TIERS = ("basic", "silver", "gold")
TAGS = ("b2b", "express", "gift", "promo")
NOTES = ("Leave at the door", 'Say "hello" twice', "Büro, 3. Stock", "Wrap it,\nplease")
PADDED_SHARE, NOTED_SHARE = 0.1, 0.3
ZONES = (timezone.utc, timezone(timedelta(hours=2)), timezone(timedelta(hours=-7)))  # noqa: UP017


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row of a file, and what becomes of it: a record, or a rejection with a code."""

    sent: dict[str, Any]
    record_id: str = ""  # of a record with a key of its own
    moment: str = ""
    data: dict[str, Any] | None = None
    code: str = ""  # of a rejection
    form: str = ""  # the only form that can say it; empty for any


def order(dice: random.Random, order_id: str, number: int) -> Row:
    """Return a valid order; with other dice the same order has other contents.

    Its moment depends on ``number`` alone, because with the id it makes the record's identity.
    """
    moment = OPENED_AT + timedelta(seconds=37 * number, milliseconds=number % 1000)
    cents = dice.randrange(100, 90_000)
    amount = Decimal(cents) / 100
    currency, category, tier = map(dice.choice, (CURRENCIES, CATEGORIES, TIERS))
    quantity, customer = dice.randint(1, 5), f"c-{dice.randrange(500)}"
    tags = dice.choices(TAGS, k=dice.randrange(4))
    mail = f"{dice.choice(('Ana', 'bo', 'CHEN'))}.{dice.randrange(99)}@Example.com"
    sent: dict[str, Any] = {
        "id": f" {order_id}" if dice.random() < PADDED_SHARE else order_id,
        "timestamp": moment.astimezone(dice.choice(ZONES)).isoformat(timespec="milliseconds"),
        "amount": dice.choice((str(amount), f"{amount:.3f}", float(amount))),
        "currency": dice.choice((currency, currency.lower())),
        "category": dice.choice((category, category.upper())),
        "quantity": quantity,
        "customer": {"id": customer, "tier": tier, "email": mail},
    }
    data: dict[str, Any] = {
        "orderId": order_id,
        "orderedAt": text(moment),
        "amount": amount,
        "currency": currency,
        "category": category,
        "quantity": quantity,
        "customer": {"id": customer, "tier": tier, "email": mail.lower()},
        "tags": sorted(set(tags)),
    }
    if tags:
        sent["tags"] = tags
    if dice.random() < NOTED_SHARE:
        sent["note"] = data["note"] = dice.choice(NOTES)
    return Row(sent=sent, record_id=f"orders:{order_id}", moment=text(moment), data=data)


def bad_order(dice: random.Random, order_id: str, number: int) -> Row:
    """Return an order that breaks the contract in one way."""
    good = order(dice, order_id, number).sent
    without = {name: value for name, value in good.items() if name != "amount"}
    return dice.choice(
        (
            Row(sent=good | {"currency": "EURO"}, code="BAD_FORMAT"),
            Row(sent=good | {"timestamp": "2026-11-02T08:00:00"}, code="BAD_FORMAT"),
            Row(sent=good | {"quantity": 0}, code="OUT_OF_RANGE"),
            Row(sent=without, code="MISSING_FIELD"),
            Row(sent=good | {"ammount": 1}, code="UNKNOWN_FIELD", form="json"),
        )
    )


def text(moment: datetime) -> str:
    """Return a moment as the product writes it: in UTC, to the millisecond."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
