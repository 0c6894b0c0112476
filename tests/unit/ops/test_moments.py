from datetime import UTC, datetime, timedelta, timezone

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.moments import Moment
from services.processor.runtime.attributes import utc_ms


def converted(text: str) -> str:
    return Moment().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "timestamp"),
    [
        ("2026-11-01", "2026-11-01T00:00:00.000Z"),
        ("20261101", "2026-11-01T00:00:00.000Z"),
        ("2026-11-01T09:30", "2026-11-01T09:30:00.000Z"),
        ("2026-11-01 09:30:15", "2026-11-01T09:30:15.000Z"),
        ("2026-11-01T09:30:00Z", "2026-11-01T09:30:00.000Z"),
        ("2026-11-01t09:30:00z", "2026-11-01T09:30:00.000Z"),
        ("2026-11-01T01:30:00+02:00", "2026-10-31T23:30:00.000Z"),
        ("2026-11-01T09:30:00.1239Z", "2026-11-01T09:30:00.123Z"),
        ("2026-11-01T09:30:00,5-05:00", "2026-11-01T14:30:00.500Z"),
        ("2026-W44-7", "2026-11-01T00:00:00.000Z"),
    ],
)
def test_any_form_of_iso_8601_is_the_same_moment_as_a_timestamp(text: str, timestamp: str) -> None:
    assert converted(text) == timestamp


@given(
    moment=st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001
    offset=st.integers(-1439, 1439),
)
def test_what_happened_at_that_moment_is_not_before_it(moment: datetime, offset: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))

    assert converted(aware.isoformat()) == utc_ms(aware)
    assert converted(moment.isoformat()) == utc_ms(moment.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    "text", ["", "yesterday", "01.11.2026", "2026-13-01", "2026-11-01T25:00Z", "0001-01-01T00+01"]
)
def test_another_text_is_refused_with_examples(text: str) -> None:
    with pytest.raises(click.BadParameter, match="2026-11-01T09:30Z"):
        converted(text)
