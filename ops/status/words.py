"""Moments and numbers as people read them."""

from datetime import UTC, datetime, timedelta

from services.processor.runtime.attributes import utc_ms


def now() -> datetime:
    """Return this moment."""
    return datetime.now(UTC)


def before(moment: datetime, span: timedelta) -> str:
    """Return the timestamp of ``span`` before a moment, comparable with those of items."""
    return utc_ms(moment - span)


def age_s(timestamp: str, at: datetime) -> float:
    """Return how many seconds before ``at`` a timestamp is; 0 for one in the future."""
    return max(0.0, (at - datetime.fromisoformat(timestamp)).total_seconds())


def ago(timestamp: str, at: datetime) -> str:
    """Return the age of a timestamp in its two largest units at most: ``3 h 20 min ago``."""
    return f"{span(age_s(timestamp, at))} ago"


def span(seconds: float) -> str:
    """Return a number of seconds in words: ``2.4 s``, ``45 s``, ``3 h 20 min``, ``2 days``."""
    if seconds < 10:  # noqa: PLR2004  # below, tenths matter
        return f"{seconds:.1f} s"
    whole = round(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{whole} s"


def several(count: int, most: int, what: str) -> str:
    """Return a count in words; one that reached the most that were asked for is a lower bound."""
    return f"{count:,}{' or more' if count >= most else ''} {what}"
