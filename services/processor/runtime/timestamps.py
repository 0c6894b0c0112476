from datetime import UTC, datetime


def utc_ms(moment: datetime) -> str:
    """Write a moment as ``2026-01-31T23:59:59.123Z``; what is finer than milliseconds is cut off.

    Raises:
        OverflowError: the moment lies outside the years 1 to 9999 in UTC.

    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
