from collections.abc import Iterable
from itertools import cycle

from tests.samples import file_formats
from tests.samples.orders import Order, orders

BAD_EVERY = 20


def order_lines(count: int, seed: str) -> bytes:
    """Orders, one a line; one in twenty breaks the contract, each in another way."""
    faults = cycle(file_formats.LINES.faults)
    rows = [
        file_formats.LINES.row(order) if number % BAD_EVERY else next(faults).row(order)
        for number, order in enumerate(orders(count, seed), 1)
    ]
    return file_formats.LINES.file(rows)


def order(order_id: str, amount: float) -> Order:
    """Return an order that is the same whenever it is sent, but for its amount."""
    [made] = orders(1, order_id)
    return {**made, "id": order_id, "amount": amount}


def lines(rows: Iterable[Order]) -> bytes:
    return file_formats.LINES.file([file_formats.LINES.row(row) for row in rows])
