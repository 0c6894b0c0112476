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
BYTES_PER_GB = 1e9
BYTES_PER_UNIT = 1024  # of a write to DynamoDB
# Where the pipeline's template has the deployer's own load, from the key "load" in cdk.json.
METADATA = "Load"
NOTHING = {"files_per_day": 0.0, "deployments_per_month": 0.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Dated prices, and the load that the estimate is for."""

    as_of: str
    currency: str
    price: Mapping[str, float]
    load: Mapping[str, Any]

    @classmethod
    def read(cls, file: Path = FILE) -> Self:
        """Read ``file``; ``as_of`` is the day on which the oldest of its lists was read."""
        content = tomllib.loads(file.read_text())
        lists = content["price_lists"]
        return cls(
            as_of=min(each["read"] for each in lists).isoformat(),
            currency=content["currency"],
            price={name: usd for each in lists for name, usd in each["usd"].items()},
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

    def in_index(self, *, accepted: bool) -> float:
        """Return the records per month that an index with or without accepted rows takes."""
        return self.records if accepted else self.records * float(self.load["rejected_share"])

    def index_gb(self, *, accepted: bool) -> float:
        """Return the size of one region's index once the retention time has passed."""
        kept = self.in_index(accepted=accepted) * self.load["months_kept"]
        return float(kept * self.load["index_item_bytes"] / BYTES_PER_GB)

    @property
    def items_gb(self) -> float:
        """Size of one region's table once the retention time has passed."""
        return float(self.records * self.item_bytes * self.load["months_kept"] / BYTES_PER_GB)

    @property
    def files_gb(self) -> float:
        """Size of the producers' files of one month."""
        return float(self.files * self.file_bytes / BYTES_PER_GB)


def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", name)


def _number(text: str) -> float:
    return int(text) if text.isdigit() else float(text)
