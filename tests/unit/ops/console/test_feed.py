import threading
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError

import naming
from ops.console import feed as module
from ops.console.feed import Feed
from ops.status.status import Status
from ops.status.survey import Survey
from ops.waiting import wait_for
from tests.unit.ops.status.aws import Aws, healthy


class Slow(Survey):
    """A survey whose looks take as long as the test says."""

    def __init__(self) -> None:
        super().__init__(Aws())
        self.may_end = threading.Event()
        self.looks = 0

    def look(self, *, marker: bool = False) -> Status:
        self.looks += 1
        assert self.may_end.wait(30)
        return super().look(marker=marker)


def test_nobody_waits_for_a_look_and_there_is_one_at_a_time(tmp_path: Path) -> None:
    survey = Slow()
    feed = Feed(survey, tmp_path / "drill.json")

    assert [feed.latest() for _ in range(10)] == [None] * 10
    assert survey.looks == 1
    survey.may_end.set()

    assert wait_for(feed.latest, "a snapshot", limit_s=30, poll_s=0.01)
    assert survey.looks == 1, "the next look is not due yet"


def test_who_asks_later_gets_a_later_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVERY_S", 0.0)
    survey = Slow()
    survey.may_end.set()
    feed = Feed(survey, tmp_path / "drill.json")
    first = wait_for(feed.latest, "a snapshot", limit_s=30, poll_s=0.01)

    assert wait_for(lambda: feed.latest() is not first, "another snapshot", limit_s=30, poll_s=0.01)


def test_figures_are_sums_of_an_hour_and_asked_for_once_a_minute(tmp_path: Path) -> None:
    cloud = Aws()
    feed = Feed(Survey(cloud), tmp_path / "drill.json")

    found = [feed.take(), feed.take()][-1]

    for region in naming.REGIONS:
        assert found.figures[region].sums == {"EventsPublished": 12}
        assert cloud.asked.count((region, "get_metric_data")) == 1


def test_metrics_without_data_are_unknown_and_no_zero(tmp_path: Path) -> None:
    cloud = Aws()
    cloud.answers[naming.PRIMARY]["get_metric_data"] = {"MetricDataResults": []}

    found = Feed(Survey(cloud), tmp_path / "drill.json").take().figures[naming.PRIMARY]

    assert not found.sums
    assert found.silence == "no data in the last hour"


def test_of_a_region_that_answers_nothing_no_more_is_asked(tmp_path: Path) -> None:
    gone: dict[Any, Any] = {...: ConnectTimeoutError(endpoint_url="https://x")}
    cloud = Aws({naming.PRIMARY: gone, naming.STANDBY: healthy(naming.STANDBY)})

    found = Feed(Survey(cloud), tmp_path / "drill.json").take()

    assert set(found.executions) == {naming.STANDBY}
    assert (naming.PRIMARY, "get_metric_data") not in cloud.asked
