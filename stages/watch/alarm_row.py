"""What an alarm fires on, and what it means."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRow:
    """An alarm on ``metric`` above ``limit`` for ``periods`` consecutive periods of five minutes.

    If ``limit`` is what the metric has at least, the alarm fires below it, and without data too.
    ``meaning`` is for the on-call engineer: what is wrong, and its consequence. ``section`` is that
    of the runbook, if it is not the subject's own.
    """

    subject: str
    section: str = ""
    metric: cloudwatch.IMetric
    meaning: str
    limit: float = 0
    is_minimum: bool = False
    periods: int = 1

    @property
    def fires_when(self) -> cloudwatch.ComparisonOperator:
        """Return the comparison of the metric with its limit."""
        operators = cloudwatch.ComparisonOperator
        return (
            operators.LESS_THAN_THRESHOLD if self.is_minimum else operators.GREATER_THAN_THRESHOLD
        )

    @property
    def without_data(self) -> cloudwatch.TreatMissingData:
        """Return what no data means: without files there is none, a standby normally has none."""
        missing = cloudwatch.TreatMissingData
        return missing.BREACHING if self.is_minimum else missing.NOT_BREACHING
