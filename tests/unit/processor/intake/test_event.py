import re
from datetime import UTC, datetime
from typing import cast
from urllib.parse import quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.processor.runtime.errors import MalformedEventError
from services.processor.runtime.intake.event import ObjectRef, read_event
from tests.unit.literals import literals


def notification(*objects: dict[str, object]) -> dict[str, object]:
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventTime": "2026-01-31T12:00:00.123Z",
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": "inbox", "arn": "arn:aws:s3:::inbox"},
                    "object": entry,
                },
            }
            for entry in objects
        ]
    }


def created(**named: object) -> dict[str, object]:
    """An event of a new object, as EventBridge delivers it."""
    described = {"key": "a.Csv", "size": 1, "etag": "abc", "version-id": "v1", "sequencer": "0a"}
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "111122223333",
        "time": "2026-01-31T12:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:s3:::inbox"],
        "detail": {
            "version": "0",
            "bucket": {"name": "inbox"},
            "object": described | named,
            "reason": "PutObject",
        },
    }


def refs_of(event: object) -> list[ObjectRef]:
    return [named for named in read_event(event) if isinstance(named, ObjectRef)]


def test_an_object_is_named_with_its_version_and_time() -> None:
    event = notification(
        {"key": "orders/a.csv", "size": 1, "eTag": "abc", "versionId": "v1", "sequencer": "0a"}
    )

    assert read_event(event) == [
        ObjectRef(
            bucket="inbox",
            key="orders/a.csv",
            version_id="v1",
            etag="abc",
            event_time=datetime(2026, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC),
            sequencer="0A",
        )
    ]


def test_an_event_of_a_new_object_names_it_as_a_notification_does() -> None:
    assert read_event(created(key="büro/a b+c%2B.Csv")) == [
        ObjectRef(
            bucket="inbox",
            key="büro/a b+c%2B.Csv",
            version_id="v1",
            etag="abc",
            event_time=datetime(2026, 1, 31, 12, 0, tzinfo=UTC),
            sequencer="0A",
        )
    ]


@pytest.mark.parametrize("event", [created(key="orders/"), notification({"key": "orders/2026/"})])
def test_a_folder_is_no_file(event: object) -> None:
    assert read_event(event) == []


@given(st.text(max_size=3), st.text(max_size=3))
@example("", " ")
def test_only_a_key_that_ends_as_a_folders_does_is_left_out(before: str, after: str) -> None:
    keys = [before + word + after for word in literals("services/processor/runtime/intake")]
    files = [key for key in keys if key and key[-1] != "/"]

    objects: list[dict[str, object]] = [{"key": quote_plus(key)} for key in keys if key]
    notified = refs_of(notification(*objects))
    delivered = [ref for key in keys if key for ref in refs_of(created(key=key))]

    assert [ref.key for ref in notified] == files
    assert [ref.key for ref in delivered] == files


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        (created() | {"detail-type": "Object Deleted"}, "Invalid enum value"),
        (created() | {"detail": {"bucket": {"name": "inbox"}}}, "required field `object`"),
        (created() | {"time": "2026-01-31T12:00:00"}, "at `$.time`"),
        (created(key=""), "length >= 1"),
        (created(key="\ud800"), "surrogates not allowed"),
        (created(sequencer="not hexadecimal"), "matching regex"),
        ({"detail-type": "Object Created"}, "required field `time`"),
    ],
)
def test_an_event_that_names_no_new_object_is_malformed(event: object, problem: str) -> None:
    with pytest.raises(MalformedEventError, match=re.escape(problem)):
        read_event(event)


@pytest.mark.parametrize(
    ("encoded", "key"),
    [
        ("a+b.csv", "a b.csv"),
        ("a%2Bb.csv", "a+b.csv"),
        ("100%25.csv", "100%.csv"),
        ("b%C3%BCro/%F0%9F%98%80.json", "büro/😀.json"),
        ("a%3Db/c%26d.csv", "a=b/c&d.csv"),
    ],
)
def test_keys_are_decoded(encoded: str, key: str) -> None:
    [ref] = refs_of(notification({"key": encoded}))

    assert ref.key == key


def test_all_objects_of_an_event_are_listed_in_order() -> None:
    refs = refs_of(notification({"key": "a.csv"}, {"key": "b.csv"}))

    assert [ref.key for ref in refs] == ["a.csv", "b.csv"]


@pytest.mark.parametrize("version", [{}, {"versionId": None}, {"versionId": ""}])
def test_an_event_of_an_unversioned_bucket_means_the_newest_version(
    version: dict[str, object],
) -> None:
    [ref] = refs_of(notification({"key": "a.csv", **version}))

    assert ref.version_id is None


def test_the_test_message_of_s3_has_no_objects() -> None:
    assert read_event({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"}) == []


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({}, "missing required field `Records`"),
        ({"Records": []}, "length >= 1"),
        (None, "got `null`"),
        ("\ud800", "surrogates not allowed"),
        ({"\udfff": []}, "surrogates not allowed"),
        ({"detail": {"object": {"key": "a.csv"}}}, "missing required field `Records`"),
    ],
)
def test_a_malformed_event_is_refused_with_the_name_of_the_missing_part(
    event: object, problem: str
) -> None:
    with pytest.raises(MalformedEventError, match=problem):
        read_event(event)


def s3(bucket: str = "inbox", **entry: str) -> dict[str, object]:
    return {"s3": {"bucket": {"name": bucket}, "object": {"key": "a.csv", **entry}}}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"s3": {"bucket": {"name": "inbox"}}}, "missing required field `object` - at `$.s3`"),
        (s3(bucket=""), "matching regex"),
        (s3(bucket="in box"), "matching regex"),
        (s3(bucket="inbox\n"), "matching regex"),
        (s3(key=""), "of length >= 1 - at `$.s3.object.key`"),
        (s3(key="\ud800.csv"), "surrogates not allowed"),
        (s3(key="%ff.csv"), "invalid start byte"),
        (s3(versionId="\ud800"), "surrogates not allowed"),
        (s3(eTag="\ud800"), "surrogates not allowed"),
        ({"eventTime": "2026-01-31T12:00:00"}, "at `$.eventTime`"),
        ({"eventTime": "0001-01-01T00:00:00+23:00"}, "date value out of range"),
        ({"eventTime": "9999-12-31T23:59:59-01:00"}, "date value out of range"),
    ],
)
def test_a_record_that_names_no_object_says_why_and_hides_no_other(
    changes: dict[str, object], problem: str
) -> None:
    event = notification({"key": "a.csv"}, {"key": "b.csv"})
    records = cast("list[dict[str, object]]", event["Records"])
    records[0] |= changes

    malformed, ref = read_event(event)

    assert isinstance(malformed, MalformedEventError)
    assert str(malformed).startswith("Records[0] names no object: ")
    assert problem in str(malformed)
    assert isinstance(ref, ObjectRef)
    assert ref.key == "b.csv"
