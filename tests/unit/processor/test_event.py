from datetime import UTC, datetime

import pytest

from services.processor.runtime.event import MalformedEventError, ObjectRef, read_event


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


def test_an_object_is_named_with_its_version_and_time() -> None:
    event = notification(
        {"key": "orders/a.csv", "size": 1, "eTag": "abc", "versionId": "v1", "sequencer": "0"}
    )

    assert read_event(event) == [
        ObjectRef(
            bucket="inbox",
            key="orders/a.csv",
            version_id="v1",
            etag="abc",
            event_time=datetime(2026, 1, 31, 12, 0, 0, 123_000, tzinfo=UTC),
        )
    ]


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
    [ref] = read_event(notification({"key": encoded}))

    assert ref.key == key


def test_all_objects_of_an_event_are_listed_in_order() -> None:
    refs = read_event(notification({"key": "a.csv"}, {"key": "b.csv"}))

    assert [ref.key for ref in refs] == ["a.csv", "b.csv"]


@pytest.mark.parametrize("version", [{}, {"versionId": None}, {"versionId": ""}])
def test_an_event_of_an_unversioned_bucket_means_the_newest_version(
    version: dict[str, object],
) -> None:
    [ref] = read_event(notification({"key": "a.csv", **version}))

    assert ref.version_id is None


def test_the_message_that_s3_sends_when_it_is_set_up_has_no_objects() -> None:
    assert read_event({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "inbox"}) == []


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({}, "missing required field `Records`"),
        ({"Records": []}, "length >= 1"),
        (None, "got `null`"),
        ({"Records": [{"eventTime": "2026-01-31T12:00:00Z"}]}, "missing required field `s3`"),
        (notification({"size": 1}), r"missing required field `key` - at `\$.Records\[0\].s3.obj"),
        ({"detail": {"object": {"key": "a.csv"}}}, "missing required field `Records`"),
    ],
)
def test_a_malformed_event_is_refused_by_the_name_of_what_is_missing(
    event: object, problem: str
) -> None:
    with pytest.raises(MalformedEventError, match=problem):
        read_event(event)
