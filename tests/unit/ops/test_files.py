from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ops.files import FileVersion
from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.keys import file_id, record_id

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
STORED_AT = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def a_file(key: str = "orders/a.csv", version: str = "v1") -> FileVersion:
    return FileVersion(
        region="us-east-1", bucket="incoming", key=key, version=version, stored_at=STORED_AT
    )


@given(key=TEXT, version=TEXT)
def test_items_are_looked_for_where_the_processor_puts_them(key: str, version: str) -> None:
    file = a_file(key, version)

    expected = file_id("incoming", key, version)

    assert file.id == expected
    assert file.record_id(1) == record_id(expected, 1)


def test_their_time_is_written_as_the_processor_writes_it() -> None:
    file = a_file()

    assert file.timestamp == "2026-11-02T08:30:00.000Z"
    assert file.timestamp == utc_ms(STORED_AT.astimezone(timezone(timedelta(hours=5))))
