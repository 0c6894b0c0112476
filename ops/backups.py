"""Point-in-time recovery: how far back a region's table can be restored."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ops.region import Region

KEPT = timedelta(days=35)
# DynamoDB restores to a moment about five minutes ago.
_MOST_LAG = timedelta(minutes=20)
_TOLERANCE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Window:
    """The moments to which a region's table can be restored; there are none if recovery is off.

    It should reach back to ``expected``: as long as recovery is kept, or as the table exists.
    """

    region: str
    earliest: datetime | None
    latest: datetime | None
    expected: datetime

    @property
    def problem(self) -> str:
        """Return what is wrong with it, empty if nothing is known to be."""
        if self.earliest is None or self.latest is None:
            return "point-in-time recovery is off"
        if datetime.now(UTC) - self.latest > _MOST_LAG:
            return f"nothing newer than {_text(self.latest)} can be restored"
        if not self.unknown and self.earliest > self.expected + _TOLERANCE:
            return f"it should reach back to {_text(self.expected)}"
        return ""

    @property
    def unknown(self) -> str:
        """Return why it is not known how far back it reaches, empty if that is known."""
        is_empty = self.earliest and self.latest and self.earliest >= self.latest
        return "the platform names one moment as the earliest and the latest" if is_empty else ""

    @property
    def facts(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "region": self.region,
            "earliest": self.earliest and _text(self.earliest),
            "latest": self.latest and _text(self.latest),
            "problem": self.problem or None,
            "unknown": self.unknown or None,
        }


def window(region: Region) -> Window:
    """Return the moments to which the region's table, or its replica there, can be restored."""
    dynamodb = region.client("dynamodb")
    backups = dynamodb.describe_continuous_backups(TableName=region.table)
    described = backups["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    made = dynamodb.describe_table(TableName=region.table)["Table"]["CreationDateTime"]
    is_on = described.get("PointInTimeRecoveryStatus") == "ENABLED"
    return Window(
        region=region.name,
        earliest=described.get("EarliestRestorableDateTime") if is_on else None,
        latest=described.get("LatestRestorableDateTime") if is_on else None,
        expected=max(made, datetime.now(UTC) - KEPT),
    )


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
