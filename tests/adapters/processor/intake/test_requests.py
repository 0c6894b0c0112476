"""Whatever S3 answers, a file is asked for as its event names it: this version, and no other."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    DamagedAnswerError,
    TimedOutError,
)
from services.processor.runtime.errors import SourceUnavailableError, UnreadableFileError
from services.processor.runtime.intake.source import S3Source
from tests.adapters.moto_s3 import Reading, refusal
from tests.unit.processor.fakes import ref

CONTENT = b"abcdef"
HEADERS = {
    "etag": '"abc"',
    "x-amz-version-id": "v1",
    "content-length": str(len(CONTENT)),
    "last-modified": "Sat, 31 Jan 2026 00:00:00 GMT",
}
# With S3's own statuses, and some that it should never have.
CODES = {
    "NoSuchVersion": 404,
    "NoSuchKey": 404,
    "NoSuchBucket": 404,
    "404": 404,
    "MethodNotAllowed": 405,
    "PreconditionFailed": 412,
    "InvalidRange": 416,
    "InvalidArgument": 400,
    "ExpiredToken": 400,
    "AccessDenied": 403,
    "InvalidObjectState": 403,
    "SlowDown": 503,
    "InternalError": 500,
    "PermanentRedirect": 301,
    "TemporaryRedirect": 307,
    "304": 304,
    "Unheard": 418,
}
FAILURES = st.one_of(
    st.sampled_from(list(CODES)).map(lambda code: refusal(code, CODES[code])),
    st.sampled_from([BrokenConnectionError("r"), DamagedAnswerError("d"), TimedOutError("t")]),
)
# An object that lasts so many bytes, or why there is none.
ANSWERS = st.lists(st.one_of(st.integers(0, len(CONTENT)), FAILURES), min_size=1, max_size=12)
OTHERS = {"etag": '"other"', "x-amz-version-id": "v2"}


class ScriptedS3:
    """Gives its answers one by one, with the headers of another version from the second on."""

    def __init__(self, answers: list[int | AwsClientError]) -> None:
        self._answers: Iterator[int | AwsClientError] = iter(answers)
        self.asked: list[tuple[Any, ...]] = []
        self.opened = 0

    def open(self, *place: object, first_byte: int, etag: str | None, checksums: object) -> Reading:
        del checksums
        self.asked.append((*place, bool(self.opened), etag))
        given = next(self._answers, len(CONTENT))
        if isinstance(given, AwsClientError):
            raise given
        self.opened += 1
        rest = CONTENT[first_byte:]
        headers = HEADERS if self.opened == 1 else {**HEADERS, **OTHERS}
        return Reading(rest, headers, lasts_bytes=min(given, len(rest)))


@given(answers=ANSWERS, version=st.sampled_from(["v1", "null", None]), again=st.integers(0, 6))
def test_each_request_names_the_version_of_the_event_and_each_later_one_its_etag(
    answers: list[int | AwsClientError], version: str | None, again: int
) -> None:
    s3 = ScriptedS3(answers)
    named = ref("orders/a.csv", version)

    with suppress(SourceUnavailableError, UnreadableFileError):
        opened = S3Source(s3, lambda _: None, lambda _, longest_s: longest_s).open(named)
        assert opened.version in {"v1", named.version}
        list(opened.chunks)
        list(opened.chunks_from(again))

    place = (named.bucket, named.key, version)
    assert {each[:3] for each in s3.asked} == {place}
    for *_, is_later, etag in s3.asked:
        assert etag == (HEADERS["etag"] if is_later else None)
