from itertools import cycle

from local.demo import forms
from local.demo.orders import orders

BAD_EVERY = 20


def order_lines(count: int, seed: str) -> bytes:
    """Orders, one a line; one in twenty breaks the contract, each in another way."""
    faults = cycle(forms.LINES.faults)
    rows = [
        forms.LINES.row(order) if number % BAD_EVERY else next(faults).row(order)
        for number, order in enumerate(orders(count, seed), 1)
    ]
    return forms.LINES.file(rows)
