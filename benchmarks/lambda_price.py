"""What CPU costs in Lambda, at the list prices of the review report."""

import tomllib
from functools import cache
from pathlib import Path

_PRICES = Path(__file__).resolve().parent.parent / "review" / "cost" / "prices.toml"
_MB_A_GB = 1024


def compute_usd(us_a_record: float) -> float:
    """Return what the time of a million records costs, on the memory that brings one whole core.

    Requests, writes and events come on top; ``docs/scale.md`` has them.
    """
    prices = _prices()
    gigabytes = prices["load"]["processor_mb"] / _MB_A_GB
    # Microseconds for each of a million records are as many seconds.
    return us_a_record * gigabytes * prices["price"]["lambda_arm_gb_second"]


@cache
def _prices() -> dict[str, dict[str, float]]:
    tables: dict[str, dict[str, float]] = tomllib.loads(_PRICES.read_text())
    return tables
