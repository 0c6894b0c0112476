from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.client import BaseClient
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    CertificateError,
    TimedOutError,
)
from services.processor.runtime.errors import (
    ObjectMissingError,
    ObjectRefusedError,
    SourceUnavailableError,
)
from services.processor.runtime.intake.source import S3Source, http_date
from tests.adapters.moto_s3 import MotoS3, Reading, refusal
from tests.unit.processor.fakes import EVENT_TIME, ref

HEADERS = {
    "etag": '"abc"',
    "x-amz-version-id": "null",
    "content-length": "6",
    "last-modified": "Sat, 31 Jan 2026 00:00:00 GMT",
}


@dataclass
class FakeS3:
    """Answers with ``failure`` as often as it says, or else with an object."""

    failure: AwsClientError | None = None
    failures: int = 99
    opened: Reading | None = None
    calls: int = 0

    def open(self, *_: object, **__: object) -> Reading:
        self.calls += 1
        if self.failure and self.calls <= self.failures:
            raise self.failure
        return self.opened or Reading(b"abcdef", HEADERS)


def source(s3: Any, pauses_s: list[float] | None = None) -> S3Source:  # noqa: ANN401  # of any kind
    sleep = (lambda _: None) if pauses_s is None else pauses_s.append
    return S3Source(s3, sleep, lambda _, longest_s: longest_s)


def test_an_overwritten_object_is_read_as_it_was_when_the_event_was_sent(s3: BaseClient) -> None:
    first = s3.put_object(Bucket="inbox", Key="a b.csv", Body=b"first")["VersionId"]
    s3.put_object(Bucket="inbox", Key="a b.csv", Body=b"second!")

    version = source(MotoS3(s3)).open(ref("a b.csv", first))

    assert b"".join(version.chunks) == b"first"
    assert (version.key, version.version, version.size_bytes) == ("a b.csv", first, 5)
    assert version.last_modified.tzinfo is not None


def test_without_a_version_the_newest_one_is_read_and_named(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="n.csv", Body=b"first")
    newest = s3.put_object(Bucket="inbox", Key="n.csv", Body=b"second")["VersionId"]

    version = source(MotoS3(s3)).open(ref("n.csv", None))

    assert b"".join(version.chunks) == b"second"
    assert version.version == newest


def test_an_object_is_read_in_chunks(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="big.csv", Body=b"x" * 600_000)

    chunks = list(source(MotoS3(s3)).open(ref("big.csv", None)).chunks)

    assert [len(chunk) for chunk in chunks] == [262_144, 262_144, 75_712]


@pytest.mark.parametrize("version_id", [None, "no-such-version"])
def test_a_missing_object_opens_as_the_event_describes_it_and_cannot_be_read(
    s3: BaseClient, version_id: str | None
) -> None:
    version = source(MotoS3(s3)).open(ref("missing.csv", version_id))

    assert version.version == (version_id or "e1")
    assert (version.last_modified, version.size_bytes) == (EVENT_TIME, 0)
    with pytest.raises(ObjectMissingError, match="OBJECT_MISSING"):
        list(version.chunks)


@pytest.mark.parametrize(
    ("code", "status"),
    [("NoSuchKey", 404), ("NoSuchVersion", 404), ("MethodNotAllowed", 405), ("404", 404)],
)
def test_every_code_that_s3_has_for_a_missing_object_is_known(code: str, status: int) -> None:
    version = source(FakeS3(failure=refusal(code, status))).open(ref("a.csv"))

    with pytest.raises(ObjectMissingError):
        list(version.chunks)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidObjectState"])
def test_an_object_that_s3_denies_opens_as_the_event_describes_it_and_gives_the_reason(
    code: str,
) -> None:
    version = source(FakeS3(failure=refusal(code, 403))).open(ref("a.csv"))

    assert (version.version, version.last_modified) == ("v1", EVENT_TIME)
    with pytest.raises(ObjectRefusedError) as refused:
        list(version.chunks)
    assert code in refused.value.message


@pytest.mark.parametrize(
    "failure",
    [
        refusal("SlowDown", 503),
        refusal("PreconditionFailed", 412),
        BrokenConnectionError("reset"),
        CertificateError("it is somebody else's"),
    ],
)
def test_an_object_that_cannot_be_read_now_fails_transiently(failure: AwsClientError) -> None:
    with pytest.raises(SourceUnavailableError):
        source(FakeS3(failure=failure)).open(ref("a.csv"))


@pytest.mark.parametrize(
    "failure", [refusal("SlowDown", 503), BrokenConnectionError("reset"), TimedOutError("silent")]
)
def test_what_fails_transiently_is_asked_for_again_after_a_pause(failure: AwsClientError) -> None:
    pauses_s: list[float] = []
    s3 = FakeS3(failure=failure, failures=2)

    version = source(s3, pauses_s).open(ref("a.csv"))

    assert b"".join(version.chunks) == b"abcdef"
    assert (s3.calls, pauses_s) == (3, [0.2, 1.0])


@pytest.mark.parametrize(
    "failure", [refusal("AccessDenied", 403), refusal("NoSuchKey", 404), CertificateError("no")]
)
def test_what_would_fail_again_is_asked_for_once(failure: AwsClientError) -> None:
    s3 = FakeS3(failure=failure)

    with pytest.raises((SourceUnavailableError, ObjectRefusedError, ObjectMissingError)):
        list(source(s3).open(ref("a.csv")).chunks)

    assert s3.calls == 1


def test_a_stream_that_breaks_resumes_where_it_broke(s3: BaseClient) -> None:
    content = bytes(range(256)) * 10
    version_id = s3.put_object(Bucket="inbox", Key="slow.csv", Body=content)["VersionId"]
    breaking = MotoS3(s3, 1000)

    version = source(breaking).open(ref("slow.csv", version_id))

    assert b"".join(version.chunks) == content
    assert [asked.get("Range") for asked in breaking.asked] == [None, "bytes=1000-", "bytes=2000-"]
    assert {asked["VersionId"] for asked in breaking.asked} == {version_id}


def test_reading_goes_on_at_a_later_byte_of_the_same_object(s3: BaseClient) -> None:
    content = bytes(range(256)) * 10
    version_id = s3.put_object(Bucket="inbox", Key="slow.csv", Body=content)["VersionId"]
    breaking = MotoS3(s3, 1000)
    version = source(breaking).open(ref("slow.csv", version_id))

    head = next(iter(version.chunks_from(0)))
    rest = b"".join(version.chunks_from(1500))

    assert (head, rest) == (content[:1000], content[1500:])
    assert [asked.get("Range") for asked in breaking.asked] == [None, "bytes=1500-", "bytes=2500-"]
    assert "IfMatch" in breaking.asked[1]


def test_the_rest_of_an_object_overwritten_meanwhile_is_not_read(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"a" * 20)
    version = source(MotoS3(s3)).open(ref("same.csv", None))
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"b" * 20)

    with pytest.raises(SourceUnavailableError):
        list(version.chunks_from(10))


def test_an_object_overwritten_meanwhile_is_not_taken_for_the_rest(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"a" * 20)
    version = source(MotoS3(s3, 10)).open(ref("same.csv", None))
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"b" * 20)

    with pytest.raises(SourceUnavailableError):
        list(version.chunks)


def test_a_connection_that_brings_nothing_fails_transiently() -> None:
    s3 = FakeS3(opened=Reading(b"abcdef", HEADERS, lasts_bytes=0))
    version = source(s3).open(ref("a.csv"))

    with pytest.raises(SourceUnavailableError, match="broke"):
        list(version.chunks)


def test_an_object_that_arrives_damaged_is_not_resumed() -> None:
    s3 = FakeS3(opened=Reading(b"abc", HEADERS, is_damaged=True))
    version = source(s3).open(ref("a.csv"))

    with pytest.raises(SourceUnavailableError, match="damaged"):
        list(version.chunks)

    assert s3.calls == 1


def test_closing_an_object_ends_its_stream() -> None:
    opened = Reading(b"abcdef", HEADERS)

    source(FakeS3(opened=opened)).open(ref("a.csv")).close()

    assert opened.is_closed


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001
def test_the_date_of_a_header_is_the_moment_it_names(moment: datetime) -> None:
    second = moment.replace(microsecond=0, tzinfo=UTC)

    assert http_date(f"{second:%a, %d %b %Y %H:%M:%S} GMT") == second
