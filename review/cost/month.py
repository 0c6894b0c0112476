"""What a region does in a month: for producers' files, and for its own canary's."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import naming
from policies.templates.template import StackTemplate
from review.cost.load import Table

MINUTES_PER_HOUR = 60
LISTED = Path(__file__).parent / "custom_metrics.toml"
CUSTOM_METRICS: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(LISTED.read_text())
RATE = r"rate\((\d+) (minute|hour)s?\)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Month:
    """A month of the load in ``table``, in the region that ``stack`` is deployed to."""

    table: Table
    stack: StackTemplate

    @property
    def deployments(self) -> float:
        return float(self.table.load["deployments_per_month"])

    @property
    def files(self) -> float:
        """Producers' files that this region takes: one region takes them all."""
        here = self.stack.stage_path and self.stack.region == self.table.load["region"]
        return self.table.files if here else 0.0

    @property
    def records(self) -> float:
        return self.files * float(self.table.load["records_per_file"])

    @property
    def canaries(self) -> float:
        """Files of the canary."""
        schedules = self.stack.resources("AWS::Scheduler::Schedule")
        rates = (str(each.properties.get("ScheduleExpression", "")) for each in schedules)
        return sum(map(_calls_per_hour, rates)) * self.table.hours

    @property
    def changes(self) -> float:
        """Changes that the region announces, each with an event."""
        return self.records + self.files * self.table.writes_per_file + self.canary_changes

    @property
    def canary_changes(self) -> float:
        return float(self.table.load["writes_per_canary"]) * self.canaries

    @property
    def busy_share(self) -> float:
        """The share of the month's hours in which a file arrives at all."""
        return min(1.0, max(self.canaries, self.files) / self.table.hours)

    @property
    def batch_size(self) -> int:
        """Changes that the stream consumer gets with a call."""
        mappings = self.stack.resources("AWS::Lambda::EventSourceMapping")
        return next((int(each.properties.get("BatchSize", 100)) for each in mappings), 100)

    def metrics(self, function_name: str) -> float:
        """Return how many a function pays for, by the share of the hours in which they get a value.

        Those of each dataset are metrics of their own.
        """
        listed = {kind: len(n) for kind, n in CUSTOM_METRICS.get(function_name, {}).items()}
        datasets = (self.table.load["datasets"] if self.files else 0) + bool(self.canaries)
        sometimes = listed.get("sometimes", 0) if self.files else 0
        each_dataset = listed.get("each_dataset", 0) * datasets
        return float((listed.get("always", 0) + sometimes + each_dataset) * self.busy_share)

    def calls(self, function_name: str) -> float:
        """Return how often the function of that name is called."""
        load = self.table.load
        large_files = self.files if self.table.ranges_per_file else 0.0
        return {
            naming.PROCESSOR: self.files + self.canaries,
            naming.LARGE_FILE_WORKER: large_files * (2 + self.table.ranges_per_file),
            # A canary's changes come one by one.
            naming.STREAM_CONSUMER: (self.changes - self.canary_changes) / self.batch_size
            + self.canary_changes,
            naming.CANARY: float(load["calls_per_canary"]) * self.canaries,
        }.get(function_name, 0.0)

    def busy_ms(self, function_name: str) -> float:
        """Return how long the function of that name runs, all its calls together."""
        load, calls = self.table.load, self.calls(function_name)
        of_rows = self.records * float(load["processor_ms_per_record"])
        by_worker = of_rows if self.table.ranges_per_file else 0.0
        per_file = float(load["processor_ms_per_file"])
        return {
            naming.PROCESSOR: calls * per_file + of_rows - by_worker,
            naming.LARGE_FILE_WORKER: calls * per_file + by_worker,
            naming.STREAM_CONSUMER: self.changes * float(load["consumer_ms_per_change"]),
            naming.CANARY: calls * float(load["canary_ms_per_call"]),
        }.get(function_name, 0.0)


def _calls_per_hour(expression: str) -> float:
    found = re.fullmatch(RATE, expression)
    if not found:
        raise ValueError(f"{expression}: expected a rate in minutes or hours")
    minutes = int(found[1]) * (MINUTES_PER_HOUR if found[2] == "hour" else 1)
    return MINUTES_PER_HOUR / minutes
