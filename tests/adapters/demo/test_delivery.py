from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from local.demo.delivery import deliver
from local.demo.files import File
from local.demo.regions import Region
from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.keys import file_id, record_id
from tests.unit.demo.factory import a_delivery, a_file

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(key=TEXT, version=TEXT)
def test_items_are_looked_for_where_the_processor_puts_them(key: str, version: str) -> None:
    delivery = a_delivery(a_file(key), version)

    expected = file_id("incoming", key, version)

    assert delivery.file_id == expected
    assert delivery.first_record_id == record_id(expected, 1)


def test_their_time_is_written_as_the_processor_writes_it() -> None:
    delivery = a_delivery()

    assert delivery.timestamp == "2026-11-02T08:30:00.000Z"
    assert delivery.timestamp == utc_ms(
        datetime(2026, 11, 2, 8, 30, tzinfo=UTC).astimezone(timezone(timedelta(hours=5)))
    )


def test_what_is_sent_is_followed_as_the_version_that_was_put(
    region: Region, tmp_path: Path
) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id\n1\n")
    file = File(path=source, key="orders/a b.csv")

    first, second = deliver(file, region), deliver(file, region)

    stored = region.s3.get_object(Bucket="incoming", Key="orders/a b.csv", VersionId=first.version)
    assert stored["Body"].read() == b"id\n1\n"
    assert first.stored_at == stored["LastModified"]
    assert first.file_id != second.file_id
