import io
import json
import logging
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from services.aws_client.errors import BrokenConnectionError
from services.canary.runtime.telemetry import PowertoolsTelemetry
from tests.unit.canary.worlds import FRESH_FOR_S, HERE, THERE, World, refused

_services = count()


class Reported:
    """What is logged and measured; a metric without a value is not in ``metrics``."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        # Powertools keeps loggers and metrics by name, so each test has a name of its own.
        service = f"canary-{next(_services)}"
        logger = Logger(service=service, logger_handler=logging.StreamHandler(self._out))
        self._metrics = Metrics(namespace="tests", service=service)
        self._metrics.clear_metrics()
        self.telemetry = PowertoolsTelemetry(logger, self._metrics)

    @property
    def line(self) -> dict[str, Any]:
        [line] = self._out.getvalue().splitlines()
        parsed: dict[str, Any] = json.loads(line)
        return parsed

    @property
    def metrics(self) -> dict[str, float]:
        emf: dict[str, Any] = self._metrics.serialize_metric_set()  # type: ignore[assignment]
        self._metrics.clear_metrics()
        [declared] = emf["_aws"]["CloudWatchMetrics"]
        return {each["Name"]: emf[each["Name"]][0] for each in declared["Metrics"]}


def reported(world: World) -> Reported:
    report = Reported()
    report.telemetry.saw(world.look())
    return report


def test_two_regions_that_work_have_a_value_in_every_metric() -> None:
    report = reported(World.healthy())

    assert report.metrics == {
        "CanaryAgeSeconds": 300,
        "PeerCanaryAgeSeconds": 120,
        "ReplicationBehindSeconds": 0,
        "PeerReachable": 1,
        "PeerAlive": 1,
    }
    assert report.line["level"] == "INFO"


def test_a_peer_that_does_not_answer_is_a_warning_that_says_why() -> None:
    world = World.healthy()
    world.there.error = BrokenConnectionError("cannot connect")

    report = reported(world)

    assert report.metrics == {
        "CanaryAgeSeconds": 300,
        "PeerCanaryAgeSeconds": 120,
        "PeerReachable": 0,
        "PeerAlive": 0,
    }
    assert report.line["level"] == "WARNING"
    assert report.line["problems"] == {THERE: "cannot connect"}


def test_what_is_not_known_has_no_value_and_is_called_unknown() -> None:
    world = World.healthy()
    world.there.error = refused("AccessDeniedException")
    world.here.error = BrokenConnectionError("cannot connect")

    report = Reported()
    report.telemetry.saw(world.look())

    assert (report.line["peerAnswers"], report.line["peerIsAlive"]) == ("unknown", "unknown")
    assert set(report.line["problems"]) == {HERE, THERE}


def test_a_stuck_processor_is_no_success_and_says_nothing_of_the_peer() -> None:
    world = World.healthy()
    world.here.store(HERE, age_s=FRESH_FOR_S + 1)

    metrics = reported(world).metrics

    assert (metrics["CanarySucceeded"], metrics["PeerAlive"]) == (0, 1)


def test_an_announcement_counts_as_a_success_and_says_how_long_it_took() -> None:
    report = Reported()

    report.telemetry.heard(1.25)

    assert report.metrics == {"CanarySucceeded": 1, "CanaryAnnouncedAfterMs": 1250}


def test_a_late_announcement_is_only_logged() -> None:
    report = Reported()

    report.telemetry.heard_late(4000)

    assert report.line["level"] == "WARNING"
