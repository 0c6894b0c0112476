"""The numbers of a region that an approver sees."""

from typing import Any

import pytest

import naming
from ops import data_state


class Answers:
    """A region whose metrics have these values, and whose alarms are in ALARM."""

    name = naming.PRIMARY

    def __init__(self, values: dict[str, list[float]], firing: tuple[str, ...] = ()) -> None:
        self.values, self.firing = values, firing
        self.asked: list[dict[str, Any]] = []

    def client(self, _service: str) -> "Answers":
        return self

    def get_metric_data(self, **request: object) -> dict[str, Any]:
        self.asked = request["MetricDataQueries"]  # type: ignore[assignment]  # as boto3 has it
        ids = [each["Id"] for each in self.asked]
        found = [{"Id": id_, "Values": self.values.get(id_, [])} for id_ in ids]
        return {"MetricDataResults": found}

    def get_paginator(self, _operation: str) -> "Answers":
        return self

    def paginate(self, **_request: object) -> list[dict[str, Any]]:
        return [{"MetricAlarms": [{"AlarmName": name} for name in self.firing]}]


def told(values: dict[str, list[float]], *firing: str) -> dict[str, tuple[str, str]]:
    lines = data_state.read(Answers(values, firing))["state"]  # type: ignore[arg-type]  # all it needs
    return {line["about"]: (line["state"], line["says"]) for line in lines}


def test_where_there_is_no_data_nothing_is_said_to_be_well_but_the_queues() -> None:
    assert told({}) == {
        "alarms firing": ("ok", "none"),
        "files that failed every try": ("ok", "none"),
        "letters set aside": ("ok", "none"),
        "changes that could not be announced": ("ok", "none"),
        "changes to announce": ("unknown", "none in a day"),
        "rejected rows": ("unknown", "no rows in a day"),
    }


def test_the_newest_backlog_and_the_rejected_share_of_a_day_are_told() -> None:
    found = told(
        {
            "queue0": [3.0, 9.0],
            "age": [1500.0, 90_000.0],
            "rowsaccepted": [900.0, 60.0],
            "rowsrejected": [40.0],
        }
    )

    assert found["files that failed every try"] == ("attention", "3")
    assert found["changes to announce"] == ("ok", "the consumer is 1.5 s behind")
    assert found["rejected rows"] == ("ok", "4.0% of 1,000 rows in a day")


def test_an_alarm_that_fires_is_named() -> None:
    assert told({}, "b", "a")["alarms firing"] == ("attention", "a, b")


@pytest.mark.parametrize("queue", [*data_state.QUEUES.values()])
def test_every_queue_of_failures_is_asked_for(queue: str) -> None:
    region = Answers({})
    data_state.read(region)  # type: ignore[arg-type]  # all it needs

    dimensions = [each["MetricStat"]["Metric"]["Dimensions"] for each in region.asked]
    assert [{"Name": "QueueName", "Value": queue}] in dimensions
