"""Moments on the command line: any ISO 8601 form, compared with the timestamps of items."""

from datetime import UTC, datetime

import click

from services.processor.runtime.attributes import utc_ms

_EXAMPLES = "2026-11-01, 2026-11-01T09:30Z or 2026-11-01T09:30:00.250+01:00"


class Moment(click.ParamType[str]):
    """Converts to the text of the same moment in a timestamp: ``2026-11-01T09:30:00.000Z``.

    A date is its first moment. What has no offset is UTC. Digits beyond milliseconds are cut off,
    so that an item of that very moment is not earlier than it.
    """

    name = "moment"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the timestamp; anything else than a moment is a usage error with examples."""
        try:
            moment = datetime.fromisoformat(value.strip().upper())
            return utc_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment in ISO 8601, such as {_EXAMPLES}", param, ctx)
