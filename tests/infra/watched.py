"""The metrics that alarms and dashboards read, in one form."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.infra.stack import Resource, Stack

CONTRACTS = Path(__file__).resolve().parents[2] / "services/processor/runtime/contracts"
# Each has metrics and an alarm of its own; read from the folder, as a witness of what is imported.
DATASETS = [module.stem for module in CONTRACTS.glob("[a-z]*.py")]


@dataclass(frozen=True, slots=True)
class Watched:
    """A metric of AWS or of this product. ``dimensions`` are sorted by name."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, metric: Mapping[str, Any]) -> Self:
        dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
        return cls(metric["Namespace"], metric["MetricName"], tuple(sorted(dimensions.items())))

    @classmethod
    def on_dashboard(cls, row: Sequence[Any]) -> Self:
        namespace, name, *rest = [part for part in row if isinstance(part, str)]
        dimensions = zip(rest[::2], rest[1::2], strict=True)
        return cls(namespace, name, tuple(sorted(dimensions)))

    def __str__(self) -> str:
        return f"{self.name} of {', '.join(value for _, value in self.dimensions)}"

    @property
    def kind(self) -> tuple[str, ...]:
        return (self.namespace, self.name, *(name for name, _ in self.dimensions))


@dataclass(frozen=True, slots=True)
class Expression:
    text: str
    defined: frozenset[str]

    @property
    def used(self) -> frozenset[str]:
        """Ids begin in lower case; functions are upper case."""
        return frozenset(re.findall(r"\b[a-z][A-Za-z0-9_]*", self.text))


def metrics_of(alarm: Resource) -> list[Watched]:
    return [Watched.of(stat["Metric"]) for stat in _stats(alarm).values()]


def expressions_of(alarm: Resource) -> list[Expression]:
    queries = alarm.properties.get("Metrics", [])
    ids = frozenset(each["Id"] for each in queries if "MetricStat" in each)
    return [Expression(each["Expression"], ids) for each in queries if "Expression" in each]


def _stats(alarm: Resource) -> dict[str, Mapping[str, Any]]:
    """The metrics an alarm reads, by id; an alarm on a single metric has no id."""
    queries = alarm.properties.get("Metrics")
    if queries is None:
        of_alarm = alarm.properties
        return {
            "": {"Metric": of_alarm, "Stat": of_alarm["Statistic"], "Period": of_alarm["Period"]}
        }
    return {each["Id"]: each["MetricStat"] for each in queries if "MetricStat" in each}


def widgets(stack: Stack) -> Iterator[Mapping[str, Any]]:
    dashboard = stack.one("AWS::CloudWatch::Dashboard")
    for widget in json.loads(dashboard.properties["DashboardBody"])["widgets"]:
        yield widget["properties"]


def dashboard_metrics(stack: Stack, region: str | None = None) -> list[Watched]:
    return [
        Watched.on_dashboard(row)
        for widget in widgets(stack)
        if region in (None, widget["region"])
        for row in widget["metrics"]
        if isinstance(row[0], str)
    ]


def dashboard_expressions(stack: Stack) -> list[Expression]:
    return [
        Expression(
            row[0]["expression"],
            frozenset(each[-1]["id"] for each in widget["metrics"] if "id" in _options(each)),
        )
        for widget in widgets(stack)
        for row in widget["metrics"]
        if "expression" in row[0]
    ]


def _options(row: Sequence[Any]) -> Mapping[str, Any]:
    return row[-1] if isinstance(row[-1], dict) else {}
