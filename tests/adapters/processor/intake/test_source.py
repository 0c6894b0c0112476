from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain, islice, repeat

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError, FlexibleChecksumError
from botocore.response import StreamingBody

from services.processor.runtime.errors import (
    ObjectMissingError,
    ObjectRefusedError,
    SourceUnavailableError,
)
from services.processor.runtime.intake.source import S3Source
from tests.unit.processor.fakes import EVENT_TIME, ref


@dataclass
class FakeClient:
    """Answers with ``failure``, or with an unversioned object of ``body``."""

    failure: Exception | None = None
    body: StreamingBody | None = None

    def get_object(self, **request: str) -> dict[str, object]:
        if self.failure:
            raise self.failure
        return {
            "Body": self.body,
            "ETag": '"abc"',
            "VersionId": "null",
            "ContentLength": 6,
            "LastModified": datetime(2026, 1, 31, tzinfo=UTC),
            "Asked": request,
        }


class DamagedBody(StreamingBody):  # type: ignore[misc]  # botocore ships no types
    """Its checksum is wrong, which shows at its end."""

    def read(self, amt: int | None = None) -> bytes:
        chunk: bytes = super().read(amt)
        if not chunk:
            raise FlexibleChecksumError(error_msg="Expected checksum a did not match b")
        return chunk


def refusal(code: str, status: int) -> ClientError:
    response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "GetObject")


def test_an_overwritten_object_is_read_as_it_was_when_the_event_was_sent(s3: BaseClient) -> None:
    first = s3.put_object(Bucket="inbox", Key="a b.csv", Body=b"first")["VersionId"]
    s3.put_object(Bucket="inbox", Key="a b.csv", Body=b"second!")

    version = S3Source(s3).open(ref("a b.csv", first))

    assert b"".join(version.chunks) == b"first"
    assert (version.key, version.version, version.size_bytes) == ("a b.csv", first, 5)
    assert version.last_modified.tzinfo is not None


def test_without_a_version_the_newest_one_is_read_and_named(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="n.csv", Body=b"first")
    newest = s3.put_object(Bucket="inbox", Key="n.csv", Body=b"second")["VersionId"]

    version = S3Source(s3).open(ref("n.csv", None))

    assert b"".join(version.chunks) == b"second"
    assert version.version == newest


def test_an_object_is_read_in_chunks(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="big.csv", Body=b"x" * 600_000)

    chunks = list(S3Source(s3).open(ref("big.csv", None)).chunks)

    assert [len(chunk) for chunk in chunks] == [262_144, 262_144, 75_712]


@pytest.mark.parametrize("version_id", [None, "no-such-version"])
def test_a_missing_object_opens_as_the_event_describes_it_and_cannot_be_read(
    s3: BaseClient, version_id: str | None
) -> None:
    version = S3Source(s3).open(ref("missing.csv", version_id))

    assert version.version == (version_id or "e1")
    assert (version.last_modified, version.size_bytes) == (EVENT_TIME, 0)
    with pytest.raises(ObjectMissingError, match="OBJECT_MISSING"):
        list(version.chunks)


@pytest.mark.parametrize(
    ("code", "status"),
    [("NoSuchKey", 404), ("NoSuchVersion", 404), ("MethodNotAllowed", 405), ("404", 404)],
)
def test_every_code_that_s3_has_for_a_missing_object_is_known(code: str, status: int) -> None:
    version = S3Source(FakeClient(failure=refusal(code, status))).open(ref("a.csv"))

    with pytest.raises(ObjectMissingError):
        list(version.chunks)


@pytest.mark.parametrize("code", ["AccessDenied", "InvalidObjectState"])
def test_an_object_that_s3_denies_opens_as_the_event_describes_it_and_gives_the_reason(
    code: str,
) -> None:
    version = S3Source(FakeClient(failure=refusal(code, 403))).open(ref("a.csv"))

    assert (version.version, version.last_modified) == ("v1", EVENT_TIME)
    with pytest.raises(ObjectRefusedError, match=f"OBJECT_REFUSED: .*{code}"):
        list(version.chunks)


@pytest.mark.parametrize(
    "failure",
    [
        refusal("SlowDown", 503),
        refusal("PreconditionFailed", 412),
        EndpointConnectionError(endpoint_url="https://s3"),
    ],
)
def test_an_object_that_cannot_be_read_now_fails_transiently(failure: Exception) -> None:
    with pytest.raises(SourceUnavailableError):
        S3Source(FakeClient(failure=failure)).open(ref("a.csv"))


class BreakingClient:
    """S3, but each connection breaks after its number of bytes."""

    def __init__(self, s3: BaseClient, *lasts_bytes: int, knows_ranges: bool = True) -> None:
        self._s3 = s3
        self._lasts_bytes = chain(lasts_bytes, repeat(lasts_bytes[-1]))
        self._knows_ranges = knows_ranges
        self.asked: list[dict[str, str]] = []

    def get_object(self, **request: str) -> dict[str, object]:
        self.asked.append(request)
        if not self._knows_ranges:
            request = {name: value for name, value in request.items() if name != "Range"}
        response: dict[str, object] = self._s3.get_object(**request)
        body = response["Body"].read()  # type: ignore[attr-defined]
        sent = BytesIO(body[: next(self._lasts_bytes)])
        return {**response, "Body": StreamingBody(sent, content_length=len(body))}


def test_a_stream_that_breaks_resumes_where_it_broke(s3: BaseClient) -> None:
    content = bytes(range(256)) * 10
    version_id = s3.put_object(Bucket="inbox", Key="slow.csv", Body=content)["VersionId"]
    client = BreakingClient(s3, 1000)

    version = S3Source(client).open(ref("slow.csv", version_id))

    assert b"".join(version.chunks) == content
    assert [asked.get("Range") for asked in client.asked] == [None, "bytes=1000-", "bytes=2000-"]
    assert {asked["VersionId"] for asked in client.asked} == {version_id}


def test_a_server_that_sends_the_whole_object_again_repeats_no_rows(
    s3: BaseClient,
) -> None:
    content = bytes(range(256)) * 10
    version_id = s3.put_object(Bucket="inbox", Key="slow.csv", Body=content)["VersionId"]
    client = BreakingClient(s3, 1000, 2000, len(content), knows_ranges=False)

    version = S3Source(client).open(ref("slow.csv", version_id))

    assert b"".join(islice(version.chunks, 10)) == content
    assert len(client.asked) == 3


def test_a_connection_that_breaks_before_anything_new_fails_transiently(
    s3: BaseClient,
) -> None:
    version_id = s3.put_object(Bucket="inbox", Key="slow.csv", Body=b"x" * 2000)["VersionId"]
    client = BreakingClient(s3, 1000, 900, knows_ranges=False)

    with pytest.raises(SourceUnavailableError, match="broke"):
        list(islice(S3Source(client).open(ref("slow.csv", version_id)).chunks, 10))


def test_an_object_overwritten_meanwhile_is_not_taken_for_the_rest(s3: BaseClient) -> None:
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"a" * 20)
    version = S3Source(BreakingClient(s3, 10)).open(ref("same.csv", None))
    s3.put_object(Bucket="inbox", Key="same.csv", Body=b"b" * 20)

    with pytest.raises(SourceUnavailableError):
        list(version.chunks)


def test_a_connection_that_brings_nothing_fails_transiently() -> None:
    body = StreamingBody(BytesIO(b""), content_length=6)
    version = S3Source(FakeClient(body=body)).open(ref("a.csv"))

    with pytest.raises(SourceUnavailableError, match="broke"):
        list(version.chunks)


def test_an_object_that_arrives_damaged_is_not_resumed() -> None:
    version = S3Source(FakeClient(body=DamagedBody(BytesIO(b"abc"), 3))).open(ref("a.csv"))

    with pytest.raises(SourceUnavailableError, match="damaged"):
        list(version.chunks)


def test_closing_an_object_ends_its_stream() -> None:
    stream = BytesIO(b"abcdef")
    body = StreamingBody(stream, content_length=6)

    S3Source(FakeClient(body=body)).open(ref("a.csv")).close()

    assert stream.closed
