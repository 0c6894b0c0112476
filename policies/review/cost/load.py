"""The load and the prices of ``prices.toml``, and what follows from the load."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

FILE = Path(__file__).parent / "prices.toml"
BYTES_PER_GB = 1e9
BYTES_PER_UNIT = 1024  # of a write to DynamoDB


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """``prices.toml``: dated prices and the stated load."""

    as_of: str
    currency: str
    price: Mapping[str, float]
    load: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        told = tomllib.loads(file.read_text())
        return cls(
            as_of=told["as_of"].isoformat(),
            currency=told["currency"],
            price=told["price"],
            load=told["load"],
        )

    @property
    def records(self) -> float:
        """A month."""
        return float(self.load["records_per_day"] * self.load["days_per_month"])

    @property
    def files(self) -> float:
        """A month."""
        return float(self.records / self.load["records_per_file"])

    @property
    def item_bytes(self) -> int:
        return int(self.load["bytes_per_record"] + self.load["item_overhead_bytes"])

    @property
    def write_units(self) -> float:
        """Of one region's table, a month."""
        return self.records * math.ceil(self.item_bytes / BYTES_PER_UNIT)

    @property
    def items_gb(self) -> float:
        """All that is kept, at the end of the time it is kept for."""
        return float(self.records * self.item_bytes * self.load["months_kept"] / BYTES_PER_GB)

    @property
    def files_gb(self) -> float:
        kept = self.records * self.load["months_kept"]
        return float(kept * self.load["bytes_per_record"] / BYTES_PER_GB)
