"""An alarm of the deployed stacks fires on its metric, and subscribers are notified."""

from collections.abc import Iterator

import pytest

from local.cloud import Cloud
from naming import REGIONS
from ops.region import Region
from tests.e2e.alarms import Alarm, Alarms
from tests.e2e.alerts import Alerts, subscribed
from tests.e2e.site import site

SAID_OF_BOTH_KINDS = (
    *("AlarmDescription", "ComparisonOperator", "Threshold", "EvaluationPeriods"),
    "TreatMissingData",
)
SAID_OF_A_METRIC = ("Namespace", "MetricName", "Dimensions", "Statistic", "Period")


@pytest.fixture(params=REGIONS)
def region(request: pytest.FixtureRequest, cloud: Cloud) -> Region:
    return site(cloud, request.param)


@pytest.fixture
def topic_arn(cloud: Cloud, region: Region) -> str:
    return cloud.outputs(region.name)["AlertsTopicArn"]


@pytest.fixture
def alarms(region: Region) -> Iterator[Alarms]:
    """Alarms that are all OK, whatever other tests have provoked."""
    alarms = Alarms(region)
    alarms.set_all("OK")
    yield alarms
    alarms.set_all("OK")


@pytest.fixture
def alerts(alarms: Alarms, region: Region, topic_arn: str) -> Iterator[Alerts]:
    assert alarms.declared()
    with subscribed(region, topic_arn) as alerts:
        yield alerts


def test_each_alarm_of_the_template_is_there_and_notifies_subscribers(
    alarms: Alarms, topic_arn: str
) -> None:
    deployed = alarms.deployed()

    assert {alarm["AlarmName"] for alarm in alarms.declared()} == deployed.keys()
    for declared in alarms.declared():
        alarm = deployed[declared["AlarmName"]]
        assert _said(alarm, declared) == _said(declared, declared)
        assert alarm["AlarmActions"] == alarm["OKActions"] == [topic_arn]
        assert alarm["ActionsEnabled"]


def test_subscribers_are_notified_when_a_metric_exceeds_the_threshold_of_an_alarm(
    alarms: Alarms, alerts: Alerts
) -> None:
    on_one_metric = [alarm for alarm in alarms.declared() if "MetricName" in alarm]

    for alarm in on_one_metric:
        alarms.exceed(alarm)

    names = {alarm["AlarmName"] for alarm in on_one_metric}
    alerts.await_all(names, "ALARM")


def test_subscribers_are_notified_when_an_alarm_fires_and_when_it_clears(
    alarms: Alarms, alerts: Alerts
) -> None:
    names = {alarm["AlarmName"] for alarm in alarms.declared()}

    alarms.set_all("ALARM")
    alarms.set_all("OK")

    alerts.await_all(names, "ALARM")
    alerts.await_all(names, "OK")


def _said(alarm: Alarm, declared: Alarm) -> dict[str, object]:
    """Return what the template says about an alarm, except metric math: the emulator drops it."""
    names = SAID_OF_BOTH_KINDS + (() if "Metrics" in declared else SAID_OF_A_METRIC)
    return {name: alarm[name] for name in names}
