"""An alarm of the deployed stacks fires on its metric, and people are told."""

from collections.abc import Iterator

import pytest

from local.cloud import Cloud
from naming import REGIONS
from tests.e2e.alerts import Alerts, subscribed
from tests.e2e.watch import Alarm, Watch

SAID_OF_BOTH_KINDS = (
    *("AlarmDescription", "ComparisonOperator", "Threshold", "EvaluationPeriods"),
    "TreatMissingData",
)
SAID_OF_A_METRIC = ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def watch(cloud: Cloud, region: str) -> Iterator[Watch]:
    """Alarms that are all quiet, whatever other tests have provoked."""
    watch = Watch(cloud, region)
    watch.set("OK")
    yield watch
    watch.set("OK")


@pytest.fixture
def alerts(watch: Watch, cloud: Cloud, region: str) -> Iterator[Alerts]:
    assert watch.declared()
    with subscribed(cloud, region) as alerts:
        yield alerts


def test_each_alarm_of_the_template_is_there_and_tells_people(
    watch: Watch, cloud: Cloud, region: str
) -> None:
    topic = cloud.outputs(region)["AlertsTopicArn"]
    deployed = watch.deployed()

    assert {alarm["AlarmName"] for alarm in watch.declared()} == deployed.keys()
    for declared in watch.declared():
        alarm = deployed[declared["AlarmName"]]
        assert _said(alarm, declared) == _said(declared, declared)
        assert alarm["AlarmActions"] == alarm["OKActions"] == [topic]
        assert alarm["ActionsEnabled"]


def test_what_exceeds_the_limit_of_an_alarm_is_told(watch: Watch, alerts: Alerts) -> None:
    on_one_metric = [alarm for alarm in watch.declared() if "MetricName" in alarm]

    for alarm in on_one_metric:
        watch.exceed(alarm)

    names = {alarm["AlarmName"] for alarm in on_one_metric}
    alerts.await_all(names, "ALARM")


def test_that_an_alarm_fires_and_that_it_clears_is_told(watch: Watch, alerts: Alerts) -> None:
    names = {alarm["AlarmName"] for alarm in watch.declared()}

    watch.set("ALARM")
    watch.set("OK")

    alerts.await_all(names, "ALARM")
    alerts.await_all(names, "OK")


def _said(alarm: Alarm, declared: Alarm) -> dict[str, object]:
    """What the template says of an alarm, metric math apart, which isn't kept here."""
    names = SAID_OF_BOTH_KINDS + (() if "Metrics" in declared else SAID_OF_A_METRIC)
    return {name: alarm[name] for name in names}
