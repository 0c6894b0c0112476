"""What a region's functions do in a month: for producers' files, and for its own canary's."""

import re
from dataclasses import dataclass
from typing import Self

import naming
from policies.templates.template import StackTemplate
from review.cost.load import Table

MINUTES_PER_HOUR = 60
# The canary is called by its schedule, and by the event of its record.
CALLS_PER_CANARY = 2
# Of a canary's file: its ledger entry is opened and closed, and it has one record.
WRITES_PER_CANARY = 3
RATE = r"rate\((\d+) (minute|hour)s?\)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traffic:
    """Of one region and month: ``files`` and ``records`` of producers, and ``canaries``."""

    table: Table
    files: float
    records: float
    canaries: float

    @classmethod
    def of(cls, stack: StackTemplate, table: Table) -> Self:
        """Return the traffic of the region that the stack is deployed to."""
        takes_files = stack.stage_path and stack.region == table.load["region"]
        return cls(
            table=table,
            files=table.files if takes_files else 0.0,
            records=table.records if takes_files else 0.0,
            canaries=sum(_calls_per_hour(each) for each in _schedules(stack)) * table.hours,
        )

    @property
    def changes(self) -> float:
        """Changes that the region announces, each with an event."""
        return self.records + self.files * self.table.writes_per_file + self.canary_changes

    @property
    def canary_changes(self) -> float:
        return WRITES_PER_CANARY * self.canaries

    @property
    def busy_share(self) -> float:
        """The share of the month's hours in which a file arrives at all."""
        return min(1.0, max(self.canaries, self.files) / self.table.hours)

    def calls(self, function_name: str, batch_size: int = 100) -> float:
        """Return how often the function of that name is called."""
        large_files = self.files if self.table.ranges_per_file else 0.0
        return {
            naming.PROCESSOR: self.files + self.canaries,
            naming.LARGE_FILE_WORKER: large_files * (2 + self.table.ranges_per_file),
            # A canary's changes come one by one.
            naming.STREAM_CONSUMER: (self.changes - self.canary_changes) / batch_size
            + self.canary_changes,
            naming.CANARY: CALLS_PER_CANARY * self.canaries,
        }.get(function_name, 0.0)

    def busy_ms(self, function_name: str, batch_size: int = 100) -> float:
        """Return how long the function of that name runs, all its calls together."""
        load, calls = self.table.load, self.calls(function_name, batch_size)
        of_rows = self.records * float(load["processor_ms_per_record"])
        by_worker = of_rows if self.table.ranges_per_file else 0.0
        per_file = float(load["processor_ms_per_file"])
        return {
            naming.PROCESSOR: calls * per_file + of_rows - by_worker,
            naming.LARGE_FILE_WORKER: calls * per_file + by_worker,
            naming.STREAM_CONSUMER: self.changes * float(load["consumer_ms_per_change"]),
            naming.CANARY: calls * float(load["canary_ms_per_call"]),
        }.get(function_name, 0.0)


def _schedules(stack: StackTemplate) -> list[str]:
    schedules = stack.resources("AWS::Scheduler::Schedule")
    return [str(each.properties.get("ScheduleExpression", "")) for each in schedules]


def _calls_per_hour(expression: str) -> float:
    found = re.fullmatch(RATE, expression)
    if not found:
        raise ValueError(f"{expression}: expected a rate in minutes or hours")
    minutes = int(found[1]) * (MINUTES_PER_HOUR if found[2] == "hour" else 1)
    return MINUTES_PER_HOUR / minutes
