"""The load and the prices in ``prices.toml``, and quantities derived from the load."""

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
    """Dated prices, and the load that the estimate is for."""

    as_of: str
    currency: str
    price: Mapping[str, float]
    load: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        """Read ``file``."""
        content = tomllib.loads(file.read_text())
        return cls(
            as_of=content["as_of"].isoformat(),
            currency=content["currency"],
            price=content["price"],
            load=content["load"],
        )

    @property
    def records(self) -> float:
        """Records per month."""
        return float(self.load["records_per_day"] * self.load["days_per_month"])

    @property
    def files(self) -> float:
        """Files per month."""
        return float(self.records / self.load["records_per_file"])

    @property
    def item_bytes(self) -> int:
        return int(self.load["bytes_per_record"] + self.load["item_overhead_bytes"])

    @property
    def units_per_write(self) -> int:
        """Write units that a record takes of one region's table."""
        return math.ceil(self.item_bytes / BYTES_PER_UNIT)

    @property
    def write_units(self) -> float:
        """Write units of one region's table per month."""
        return self.records * self.units_per_write

    def in_index(self, *, accepted: bool) -> float:
        """Items per month that are written to an index with or without the accepted rows."""
        return self.records if accepted else self.records * float(self.load["rejected_share"])

    def index_gb(self, *, accepted: bool) -> float:
        """Size of one region's index once the retention time has passed."""
        kept = self.in_index(accepted=accepted) * self.load["months_kept"]
        return float(kept * self.load["index_item_bytes"] / BYTES_PER_GB)

    @property
    def items_gb(self) -> float:
        """Size of one region's table once the retention time has passed."""
        return float(self.records * self.item_bytes * self.load["months_kept"] / BYTES_PER_GB)

    @property
    def files_gb(self) -> float:
        kept = self.records * self.load["months_kept"]
        return float(kept * self.load["bytes_per_record"] / BYTES_PER_GB)
