"""What the canary reports: a port, and its implementation with logs and EMF metrics."""

from typing import Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from services.canary.runtime.sight import Sight


class Telemetry(Protocol):
    """Reports what the canary sees and hears."""

    def saw(self, sight: Sight) -> None:
        """Report the signs of life of both regions."""

    def heard(self, age_s: float) -> None:
        """Report that a file was stored and announced, so many seconds after it was put."""

    def heard_late(self, age_s: float) -> None:
        """Report an announcement that is too old to prove anything."""


class PowertoolsTelemetry:
    """Logs one line a call; what is not known has no value in the metrics."""

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def saw(self, sight: Sight) -> None:
        seen = {
            "ownAgeSeconds": sight.own_age_s,
            "peerAgeSeconds": sight.peer_age_s,
            "replicationBehindSeconds": sight.behind_s,
            "peerAnswers": _words(sight.peer_answers),
            "peerIsAlive": _words(sight.peer_is_alive),
            "problems": dict(sight.problems),
        }
        is_well = sight.peer_is_alive and not sight.has_stopped
        log = self._logger.info if is_well else self._logger.warning
        log("canary looked", extra=seen)
        self._add("CanaryAgeSeconds", MetricUnit.Seconds, sight.own_age_s)
        self._add("PeerCanaryAgeSeconds", MetricUnit.Seconds, sight.peer_age_s)
        self._add("ReplicationBehindSeconds", MetricUnit.Seconds, sight.behind_s)
        self._add("PeerReachable", MetricUnit.Count, sight.peer_answers)
        self._add("PeerAlive", MetricUnit.Count, sight.peer_is_alive)
        if sight.has_stopped:
            self._add("CanarySucceeded", MetricUnit.Count, 0)

    def heard(self, age_s: float) -> None:
        self._logger.info("canary announced", extra={"ageSeconds": age_s})
        self._add("CanarySucceeded", MetricUnit.Count, 1)
        self._add("CanaryAnnouncedAfterMs", MetricUnit.Milliseconds, round(1000 * age_s))

    def heard_late(self, age_s: float) -> None:
        self._logger.warning("canary announced late", extra={"ageSeconds": age_s})

    def _add(self, name: str, unit: MetricUnit, value: float | None) -> None:
        if value is not None:
            self._metrics.add_metric(name, unit, float(value))


def _words(known: bool | None) -> str:  # noqa: FBT001  # a value that is shown
    return "unknown" if known is None else "yes" if known else "no"
