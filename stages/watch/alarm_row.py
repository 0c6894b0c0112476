"""What an alarm fires on, and what it means."""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch

STATUS = "ops status"  # shows both regions
MARKER = f"{STATUS} --marker"
SUSPENDED = "ops items SUSPENDED --region {region}"
REJECTED = "ops items REJECTED --region {region}"
RECONCILE = "ops reconcile --region {region}"
REDRIVE = "ops redrive --dry-run --region {region}"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmRow:
    """An alarm on ``metric`` above ``limit`` for ``periods`` consecutive periods of five minutes.

    If ``is_minimum``, the alarm fires below ``limit``, and without data. ``meaning`` tells the
    on-call engineer what is wrong, and its consequence. ``page`` names the runbook's page if it is
    not the subject, and ``command`` is the first to run in ``{region}``.
    """

    subject: str
    page: str = ""
    metric: cloudwatch.IMetric
    meaning: str
    command: str = STATUS
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
