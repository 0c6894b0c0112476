"""Orders of an invented shop, as a producer writes them; the same seed gives the same orders."""

import csv
import io
import json
import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

Order = dict[str, Any]

OPENED_AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
CATEGORIES = ("books", "clothing", "electronics", "garden", "grocery", "toys")
CURRENCIES = ("CAD", "EUR", "GBP", "JPY", "USD")
PEOPLE = ("ana", "bo", "chen", "dana", "eli", "fatima", "george", "hana")
TIERS = ("basic", "silver", "gold")
TAGS = ("b2b", "express", "gift", "promo")
NOTES = (
    "Leave at the door",
    'Customer said "ring twice"',
    "Büro, 3. Stock",
    "Gift wrap,\nplease",
)


def orders(count: int, seed: str) -> Iterator[Order]:
    """Yield ``count`` valid orders; the first ones are the same whatever ``count`` is."""
    rng = random.Random(seed)  # sample data, no secrets
    prefix = f"{rng.getrandbits(32):08x}"
    for number in range(1, count + 1):
        yield _order(rng, f"{prefix}-{number:05d}", OPENED_AT + timedelta(seconds=97 * number))


def _order(rng: random.Random, order_id: str, moment: datetime) -> Order:
    customer = {"id": f"C{rng.getrandbits(16):05d}", "tier": rng.choice(TIERS)}
    if rng.random() < 0.8:  # most shoppers
        customer["email"] = f"{rng.choice(PEOPLE)}.{rng.getrandbits(8)}@example.com"
    order: Order = {
        "id": order_id,
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "amount": (100 + rng.getrandbits(15)) / 100,
        "currency": rng.choice(CURRENCIES),
        "category": rng.choice(CATEGORIES),
        "quantity": 1 + rng.getrandbits(2),
        "customer": customer,
    }
    if rng.getrandbits(1):
        order["tags"] = [rng.choice(TAGS)]
    if not rng.getrandbits(3):
        order["note"] = rng.choice(NOTES)
    return order


def cells(order: Order) -> dict[str, str]:
    """Return an order flattened for CSV: text only, an empty cell for a missing field."""
    customer = order["customer"]
    plain = ("id", "timestamp", "amount", "currency", "category", "quantity")
    return {
        **{name: str(order[name]) for name in plain},
        "customer_id": customer["id"],
        "customer_email": customer.get("email", ""),
        "customer_tier": customer["tier"],
        "tags": "|".join(order.get("tags", ())),
        "note": order.get("note", ""),
    }


def csv_row(values: Iterable[str]) -> bytes:
    """Return one row, without the end of line."""
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(values)
    return row.getvalue().encode()


def json_value(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
