"""What CPU costs in Lambda, at the list prices of the review report."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_PRICES = Path(__file__).resolve().parent.parent / "review" / "cost" / "prices.toml"
_PRICE = "lambda_arm_compute"
_MB_A_GB = 1024


def compute_usd(us_a_record: float) -> float:
    """Return what the time of a million records costs, on the memory that brings one whole core.

    Requests, writes and events come on top; ``docs/scale.md`` has them.
    """
    table = _table()
    gigabytes = table["load"]["processor_mb"] / _MB_A_GB
    prices = [each["price"] for each in table["price_lists"]]
    [price] = [each[_PRICE]["usd"] for each in prices if _PRICE in each]
    # Microseconds for each of a million records are as many seconds.
    return float(us_a_record * gigabytes * price)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_PRICES.read_text())
