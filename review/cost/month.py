"""The load and the prices in ``prices.toml``, and what a region does with that load in a month."""

import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import naming
from policies.templates.template import StackTemplate

FILE = Path(__file__).with_name("prices.toml")
CONTENT = tomllib.loads(FILE.read_text())
LISTS = CONTENT["price_lists"]
# The day on which the oldest of the lists was read, and what each price is and for which unit.
AS_OF = min(each["read"] for each in LISTS).isoformat()
USD = {name: price["usd"] for each in LISTS for name, price in each["price"].items()}
PER = {name: price["per"] for each in LISTS for name, price in each["price"].items()}
CUSTOM_METRICS = tomllib.loads(FILE.with_name("custom_metrics.toml").read_text())
# The settings of the status index: it has all records, or those to look at.
SETTINGS = "all", "exceptions"
BYTES_PER_UNIT = 1024  # of a write to DynamoDB
MINUTES_PER_HOUR = 60
# Where the pipeline's template has the deployer's own load, from the key "load" in cdk.json.
METADATA = "Load"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Prices of a unit each, and the load that the estimate is for: without others, the file's."""

    price: Mapping[str, float] = field(default_factory=USD.copy)
    load: Mapping[str, Any] = field(default_factory=CONTENT["load"].copy)

    def of(self, stacks: Iterable[StackTemplate]) -> Self:
        """Return the table with the deployer's own load, if a template has one."""
        own = [stack.template.get("Metadata", {}).get(METADATA, {}) for stack in stacks]
        said = [pair for each in own for pair in each.items()]
        given = {re.sub("([A-Z])", r"_\1", name).lower(): json.loads(text) for name, text in said}
        return replace(self, load={**self.load, **given})

    def idle(self) -> Self:
        """Return the table for a month without producers' files and without deployments."""
        return replace(self, load={**self.load, "files_per_day": 0.0, "deployments_per_month": 0.0})

    def units(self, name: str, counted: float) -> float:
        """Return how often the price of that name is paid for what is counted."""
        return counted / float(CONTENT["counted"].get(PER[name], 1))

    @property
    def item_bytes(self) -> int:
        return int(self.load["bytes_per_record"] + self.load["item_overhead_bytes"])

    @property
    def units_per_write(self) -> int:
        """Write units that a record takes of one region's table."""
        return math.ceil(self.item_bytes / BYTES_PER_UNIT)


class Month:
    """A month of the load in ``table``, in the region that ``stack`` is deployed to."""

    def __init__(self, table: Table, stack: StackTemplate) -> None:
        self.table, self.load = table, table.load
        load = table.load
        self.hours = float(24 * load["days_per_month"])
        # Producers' files and records, of both regions; one region takes them all.
        self.all_files = float(load["files_per_day"] * load["days_per_month"])
        self.all_records = float(self.all_files * load["records_per_file"])
        is_here = stack.stage_path and stack.region == load["region"]
        self.files, self.records = (self.all_files, self.all_records) if is_here else (0.0, 0.0)
        self.file_bytes = float(load["records_per_file"] * load["bytes_per_record"])
        # Ranges in which a file is stored; 0 if it is small enough for one run.
        is_large = self.file_bytes > load["large_file_bytes"]
        self.ranges = math.ceil(self.file_bytes / load["range_bytes"]) if is_large else 0
        # Of a file's ledger entry: opened, at each checkpoint, and closed.
        self.writes_per_file = float(2 + load["records_per_file"] // load["rows_per_checkpoint"])
        schedules = stack.resources("AWS::Scheduler::Schedule")
        rates = (str(each.properties.get("ScheduleExpression", "")) for each in schedules)
        # Files of the region's own canary.
        self.canaries = sum(map(_calls_per_hour, rates)) * self.hours
        self.canary_changes = float(load["writes_per_canary"] * self.canaries)
        # What the region announces, each with an event, and the stream consumer gets with a call.
        self.changes = self.records + self.files * self.writes_per_file + self.canary_changes
        mappings = stack.resources("AWS::Lambda::EventSourceMapping")
        self.batch = next((int(each.properties.get("BatchSize", 100)) for each in mappings), 100)

    def of_deployments(self, what: str) -> float:
        """Return how much the deployments of a month take."""
        return float(self.load["deployments_per_month"] * self.load[f"{what}_per_deployment"])

    def metrics(self, function_name: str) -> float:
        """Return how many a function pays for, by the share of the hours in which they get a value.

        Those of each dataset are metrics of their own.
        """
        datasets = self.load["datasets"] * bool(self.files) + bool(self.canaries)
        times = {"always": 1, "sometimes": bool(self.files), "each_dataset": datasets}
        listed = CUSTOM_METRICS.get(function_name, {})
        busy_share = min(1.0, max(self.canaries, self.files) / self.hours)
        return float(sum(len(listed[kind]) * times[kind] for kind in listed) * busy_share)

    def use(self, function_name: str) -> tuple[float, float]:
        """Return how often a function is called, and for how many ms all its calls run."""
        load, of_rows = self.load, self.records * self.load["processor_ms_per_record"]
        per_file = load["processor_ms_per_file"]
        small, large = (0.0, of_rows) if self.ranges else (of_rows, 0.0)
        files = self.files + self.canaries
        ranges = self.files * (2 + self.ranges) if self.ranges else 0.0
        # A canary's changes come one by one.
        batches = (self.changes - self.canary_changes) / self.batch + self.canary_changes
        canary = load["calls_per_canary"] * self.canaries
        return {
            naming.PROCESSOR: (files, files * per_file + small),
            naming.LARGE_FILE_WORKER: (ranges, ranges * per_file + large),
            naming.STREAM_CONSUMER: (batches, self.changes * load["consumer_ms_per_change"]),
            naming.CANARY: (canary, canary * load["canary_ms_per_call"]),
        }.get(function_name, (0.0, 0.0))


def _calls_per_hour(expression: str) -> float:
    found = re.fullmatch(r"rate\((\d+) (minute|hour)s?\)", expression)
    if not found:
        raise ValueError(f"{expression}: expected a rate in minutes or hours")
    return (MINUTES_PER_HOUR if found[2] == "minute" else 1) / int(found[1])
