"""The load and the prices in ``prices.toml``, and quantities derived from the load."""

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

from policies.templates.template import StackTemplate

FILE = Path(__file__).parent / "prices.toml"
BYTES_PER_UNIT = 1024  # of a write to DynamoDB
# Where the pipeline's template has the deployer's own load, from the key "load" in cdk.json.
METADATA = "Load"
NOTHING = {"files_per_day": 0.0, "deployments_per_month": 0.0}
# How many a price is for of what is counted: requests, bytes, and MB times milliseconds.
COUNTED = {
    "million": 1e6,
    "thousand": 1e3,
    "10,000": 1e4,
    "GB": 1e9,
    "GB-month": 1e9,
    "GB-s": 1024 * 1000,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Dated prices, each ``per`` a unit, and the load that the estimate is for."""

    as_of: str
    price: Mapping[str, float]
    per: Mapping[str, str]
    load: Mapping[str, Any]

    @classmethod
    def read(cls) -> Self:
        """Read the file; ``as_of`` is the day on which the oldest of its lists was read."""
        content = tomllib.loads(FILE.read_text())
        lists = content["price_lists"]
        prices = [price for each in lists for price in each["price"].items()]
        return cls(
            as_of=min(each["read"] for each in lists).isoformat(),
            price={name: price["usd"] for name, price in prices},
            per={name: price["per"] for name, price in prices},
            load=content["load"],
        )

    def of(self, stacks: Iterable[StackTemplate]) -> Self:
        """Return the table with the deployer's own load, if a template has one."""
        own = [stack.template.get("Metadata", {}).get(METADATA, {}) for stack in stacks]
        given = {_snake(name): _number(text) for each in own for name, text in each.items()}
        return replace(self, load={**self.load, **given})

    def idle(self) -> Self:
        """Return the table for a month without producers' files and without deployments."""
        return replace(self, load={**self.load, **NOTHING})

    def units(self, name: str, counted: float) -> float:
        """Return how often the price of that name is paid for what is counted."""
        return counted / COUNTED.get(self.per[name], 1)

    @property
    def files(self) -> float:
        """Producers' files per month."""
        return float(self.load["files_per_day"] * self.load["days_per_month"])

    @property
    def records(self) -> float:
        """Producers' records per month."""
        return float(self.files * self.load["records_per_file"])

    @property
    def hours(self) -> float:
        """Hours of a month."""
        return float(24 * self.load["days_per_month"])

    @property
    def file_bytes(self) -> float:
        return float(self.load["records_per_file"] * self.load["bytes_per_record"])

    @property
    def ranges_per_file(self) -> int:
        """Ranges in which a file is stored; 0 if it is small enough for one run."""
        is_large = self.file_bytes > self.load["large_file_bytes"]
        return math.ceil(self.file_bytes / self.load["range_bytes"]) if is_large else 0

    @property
    def writes_per_file(self) -> float:
        """Writes of a file's ledger entry: opened, at each checkpoint, and closed."""
        return float(2 + self.load["records_per_file"] // self.load["rows_per_checkpoint"])

    @property
    def item_bytes(self) -> int:
        return int(self.load["bytes_per_record"] + self.load["item_overhead_bytes"])

    @property
    def units_per_write(self) -> int:
        """Write units that a record takes of one region's table."""
        return math.ceil(self.item_bytes / BYTES_PER_UNIT)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def _number(text: str) -> float:
    return int(text) if text.isdigit() else float(text)
