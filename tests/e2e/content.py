from itertools import cycle

from tests.samples import file_formats
from tests.samples.orders import orders

BAD_EVERY = 20


def order_lines(count: int, seed: str) -> bytes:
    """Orders, one a line; one in twenty breaks the contract, each in another way."""
    faults = cycle(file_formats.LINES.faults)
    rows = [
        file_formats.LINES.row(order) if number % BAD_EVERY else next(faults).row(order)
        for number, order in enumerate(orders(count, seed), 1)
    ]
    return file_formats.LINES.file(rows)
