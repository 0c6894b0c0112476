import hashlib
from datetime import UTC, datetime

from ops import files
from ops.region import Region

KEY = "orders/Büro + Lager/a.csv"


def test_every_put_makes_a_file_of_its_own(region: Region) -> None:
    first, second = (files.put(region, KEY, body) for body in (b"first", b"second"))

    read = [
        region.client("s3").get_object(Bucket=file.bucket, Key=file.key, VersionId=file.version)
        for file in (first, second)
    ]

    assert [each["Body"].read() for each in read] == [b"first", b"second"]
    assert [each["LastModified"] for each in read] == [first.stored_at, second.stored_at]
    assert first.id != second.id


def test_the_ids_of_a_file_are_known_before_its_items_are_there(region: Region) -> None:
    file = files.put(region, KEY, b"{}")

    identity = f"incoming\0{KEY}\0{file.version}".encode()
    assert file.id == "f" + hashlib.sha256(identity).hexdigest()[:31]
    assert file.record_id(12) == f"{file.id}.000000012"


def test_the_timestamp_of_a_file_is_in_utc_with_milliseconds() -> None:
    file = files.FileVersion(
        region="us-east-1",
        bucket="incoming",
        key=KEY,
        version="v1",
        stored_at=datetime(2026, 11, 2, 3, 4, 5, 678_900, tzinfo=UTC),
    )

    assert file.timestamp == "2026-11-02T03:04:05.678Z"


def test_a_ledger_entry_is_empty_until_it_is_there(region: Region) -> None:
    file = files.put(region, KEY, b"{}")
    key = {"recordId": {"S": file.id}, "timestamp": {"S": file.timestamp}}

    before = files.ledger_entry(region, file)
    region.client("dynamodb").put_item(TableName="records", Item={**key, "rowsRead": {"N": "7"}})
    after = files.ledger_entry(region, file)

    assert before == {}
    assert after == {"recordId": file.id, "timestamp": file.timestamp, "rowsRead": 7}


def test_an_item_of_a_file_is_read_by_its_id(region: Region) -> None:
    file = files.put(region, KEY, b"{}")
    stored = {"recordId": {"S": file.record_id(1)}, "timestamp": {"S": file.timestamp}}
    region.client("dynamodb").put_item(TableName="records", Item=stored)

    assert files.item(region, file, file.record_id(1)) == stored
    assert files.item(region, file, file.record_id(2)) == {}
