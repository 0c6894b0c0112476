"""Objects are streamed as they are wanted, and held against every checksum that S3 gives."""

import base64
import contextlib
import hashlib
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import anycrc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client import clients
from services.aws_client.checksums import Checksums
from services.aws_client.errors import (
    BrokenConnectionError,
    CertificateError,
    DamagedAnswerError,
    DamagedObjectError,
    TimedOutError,
    TransportError,
)
from services.aws_client.s3 import S3
from services.aws_client.s3_object import CHUNK_BYTES, S3Object
from services.aws_client.service_error import ServiceError
from tests.unit.aws_client.fakes import KEYS
from tests.unit.aws_client.server import (
    CLOSE,
    STALL,
    Reply,
    Request,
    Server,
    answer,
    ca_bundle,
)

CONTENT = bytes(range(256)) * 4096  # 1 MiB


def text(digest: bytes) -> str:
    return base64.b64encode(digest).decode()


def checksums(content: bytes) -> dict[str, str]:
    return {
        "x-amz-checksum-crc32": text(zlib.crc32(content).to_bytes(4, "big")),
        "x-amz-checksum-crc32c": text(anycrc.Model("CRC32C").calc(content).to_bytes(4, "big")),
        "x-amz-checksum-crc64nvme": text(
            anycrc.Model("CRC64-NVME").calc(content).to_bytes(8, "big")
        ),
        "x-amz-checksum-sha1": text(hashlib.sha1(content).digest()),
        "x-amz-checksum-sha256": text(hashlib.sha256(content).digest()),
    }


def etag(content: bytes) -> dict[str, str]:
    return {"etag": f'"{hashlib.md5(content).hexdigest()}"'}


@contextmanager
def s3(
    script: Callable[[Request], Reply], *, tls: bool = True, silence_s: float = 5.0
) -> Iterator[tuple[Server, S3]]:
    with Server(script, tls=tls) as server:
        env = {**KEYS, "AWS_ENDPOINT_URL": server.url, "AWS_CA_BUNDLE": str(ca_bundle())}
        client = clients.s3("us-east-1", env)
        client._silence_s = silence_s  # noqa: SLF001  # constructed as the functions do it
        yield server, client
        client.close()


def read(opened: S3Object) -> bytes:
    return b"".join(opened)


def ranged(content: bytes) -> Callable[[Request], bytes]:
    def script(request: Request) -> bytes:
        if "range" not in request.headers:
            return answer(content, **etag(content))
        first = int(request.headers["range"].removeprefix("bytes=").removesuffix("-"))
        given_range = f"bytes {first}-{len(content) - 1}/{len(content)}"
        return answer(content[first:], "206 Partial Content", content_range=given_range)

    return script


@pytest.mark.parametrize("tls", [True, False])
def test_an_object_is_read_whole(*, tls: bool) -> None:
    with s3(lambda _: answer(CONTENT, ETag='"e-2"', x_amz_version_id="v"), tls=tls) as (
        server,
        client,
    ):
        opened = client.open("bucket", "a b/ü+.csv", "v=/1")

        assert (opened.status, opened.headers["etag"]) == (200, '"e-2"')
        assert opened.headers["x-amz-version-id"] == "v"
        assert read(opened) == CONTENT
    [request] = server.requests
    assert request.target == "/bucket/a%20b/%C3%BC%2B.csv?versionId=v%3D%2F1"
    assert request.headers["x-amz-checksum-mode"] == "ENABLED"


def test_chunks_are_as_large_as_promised_until_the_last() -> None:
    with s3(lambda _: answer(CONTENT)) as (_, client):
        sizes = [len(chunk) for chunk in client.open("bucket", "key")]

    assert sum(sizes) == len(CONTENT)
    assert all(CHUNK_BYTES <= size < CHUNK_BYTES + 100_000 for size in sizes[:-1])


def test_an_empty_object_has_no_chunks() -> None:
    with s3(lambda _: answer(b"", **etag(b""))) as (_, client):
        assert list(client.open("bucket", "key")) == []


def test_a_server_is_not_read_faster_than_its_object_is_wanted() -> None:
    sent_bytes = 0

    def forever() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"
        nonlocal sent_bytes
        while True:
            sent_bytes += 1_000_000
            yield bytes(1_000_000)

    with s3(lambda _: forever()) as (_, client):
        chunks = iter(client.open("bucket", "key"))
        read_bytes = sum(len(next(chunks)) for _ in range(40))

    # The system's buffers for a connection on one machine hold a few megabytes on either side.
    assert sent_bytes < read_bytes + 20_000_000


def test_the_connection_is_used_for_the_next_object_if_this_one_was_read_to_its_end() -> None:
    with s3(lambda _: answer(CONTENT)) as (server, client):
        for _ in range(3):
            read(client.open("bucket", "key"))
        assert server.connections == 1
        next(iter(opened := client.open("bucket", "key")))
        opened.close()

        assert read(client.open("bucket", "key")) == CONTENT
        assert server.connections == 2
        next(iter(client.open("bucket", "key")))  # and is left open

        assert read(client.open("bucket", "key")) == CONTENT
        assert server.connections == 3


def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    with s3(lambda _: [answer(b"x"), CLOSE]) as (server, client):
        read(client.open("bucket", "key"))
        server.wait_for_end()

        assert read(client.open("bucket", "key")) == b"x"


def test_reading_goes_on_at_any_byte_of_the_same_contents() -> None:
    with s3(ranged(CONTENT)) as (server, client):
        opened = client.open("bucket", "key", first_byte=1000, etag='"e"')

        assert (opened.status, read(opened)) == (206, CONTENT[1000:])
    assert server.requests[0].headers["range"] == "bytes=1000-"
    assert server.requests[0].headers["if-match"] == '"e"'
    assert "x-amz-checksum-mode" not in server.requests[0].headers


def test_a_server_that_ignores_the_range_brings_only_what_was_wanted() -> None:
    with s3(lambda _: answer(CONTENT)) as (_, client):
        assert read(client.open("bucket", "key", first_byte=400_000)) == CONTENT[400_000:]


def test_an_object_that_ends_before_the_first_byte_wanted_is_damaged() -> None:
    with s3(lambda _: answer(b"short")) as (_, client), pytest.raises(DamagedAnswerError):
        read(client.open("bucket", "key", first_byte=10))


def test_another_range_than_was_asked_for_is_not_taken_for_it() -> None:
    script = answer(b"x", "206 Partial Content", content_range="bytes 0-0/1")
    with s3(lambda _: script) as (_, client), pytest.raises(DamagedAnswerError, match="from 7 on"):
        client.open("bucket", "key", first_byte=7)


def test_checksums_span_the_connections_an_object_is_read_over() -> None:
    def script(request: Request) -> Reply:
        if request.connection == 0:
            return [answer(CONTENT, **headers)[:500_000], CLOSE]
        return ranged(CONTENT)(request)

    for damage, expected in ((b"", True), (b"x", False)):
        headers = etag(CONTENT + damage)
        with s3(script) as (_, client):
            first = client.open("bucket", "key")
            got = bytearray()
            with contextlib.suppress(BrokenConnectionError):
                for chunk in first:
                    got += chunk
            assert 0 < len(got) < 500_000
            rest = client.open("bucket", "key", first_byte=len(got), checksums=first.checksums)
            if expected:
                assert got + read(rest) == CONTENT
            else:
                with pytest.raises(DamagedObjectError):
                    read(rest)


def test_what_arrived_before_a_connection_broke_is_passed_on() -> None:
    got: list[bytes] = []
    with s3(lambda _: [answer(CONTENT)[:1000], CLOSE]) as (_, client):
        chunks = iter(client.open("bucket", "key"))
        got.append(next(chunks))
        with pytest.raises(BrokenConnectionError):
            next(chunks)

    assert CONTENT.startswith(got[0])
    assert len(got[0]) > 900


@pytest.mark.parametrize("name", checksums(b""))
@pytest.mark.parametrize("tls", [True, False])
def test_every_checksum_is_held_against_the_bytes(name: str, *, tls: bool) -> None:
    right, wrong = checksums(CONTENT)[name], checksums(b"other")[name]
    values = iter([right, wrong])
    with s3(lambda _: answer(CONTENT, **{name: next(values)}), tls=tls) as (_, client):
        assert read(client.open("bucket", "key")) == CONTENT
        with pytest.raises(
            DamagedObjectError, match=name.removeprefix("x-amz-checksum-")
        ) as raised:
            read(client.open("bucket", "key"))

    assert raised.value.is_transient


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_checksums_do_not_depend_on_how_the_bytes_were_cut(pieces: list[bytes]) -> None:
    found = Checksums(checksums(b"".join(pieces)))
    for piece in pieces:
        found.update(piece)

    found.verify()
    assert len(found.names) == 5


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        (etag(b""), ("md5",)),
        ({**etag(b""), "x-amz-server-side-encryption": "AES256"}, ("md5",)),
        ({**etag(b""), "x-amz-server-side-encryption": "aws:kms"}, ()),
        ({**etag(b""), "x-amz-server-side-encryption": "aws:kms:dsse"}, ()),
        ({**etag(b""), "x-amz-server-side-encryption-customer-algorithm": "AES256"}, ()),
        ({"etag": '"d41d8cd98f00b204e9800998ecf8427e-3"'}, ()),
        ({}, ()),
        ({**etag(b""), "x-amz-checksum-crc32": "AAAAAA=="}, ("crc32",)),
        ({"x-amz-checksum-crc32": "AAAAAA==-3", "x-amz-checksum-type": "COMPOSITE"}, ()),
        ({**etag(b""), "x-amz-checksum-crc32": "AAAAAA==-3"}, ("md5",)),
        ({**etag(b""), "x-amz-checksum-new": "AAAAAA=="}, ("md5",)),
    ],
)
def test_what_can_be_checked_is(headers: dict[str, str], names: tuple[str, ...]) -> None:
    assert Checksums(headers).names == names


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("NoSuchKey", "404 Not Found"),
        ("AccessDenied", "403 Forbidden"),
        ("SlowDown", "503 Slow Down"),
    ],
)
def test_a_refusal_has_its_code_and_leaves_the_connection_usable(code: str, status: str) -> None:
    body = f"<Error><Code>{code}</Code><Message>m</Message></Error>".encode()
    with s3(lambda _: answer(body, status)) as (server, client):
        for _ in range(2):
            with pytest.raises(ServiceError) as raised:
                client.open("bucket", "key")

    assert (raised.value.code, raised.value.status) == (code, int(status[:3]))
    assert server.connections == 1


@pytest.mark.parametrize("status", ["304 Not Modified", "403 F", "404 N", "412 P", "416 R"])
def test_a_refusal_without_words_has_its_status(status: str) -> None:
    with s3(lambda _: answer(b"", status)) as (_, client), pytest.raises(ServiceError) as raised:
        client.open("bucket", "key")

    assert raised.value.code == status[:3]


def test_a_request_signed_at_a_wrong_time_is_signed_anew() -> None:
    body = b"<Error><Code>RequestTimeTooSkewed</Code><Message>m</Message></Error>"

    def script(request: Request) -> bytes:
        if request.headers["x-amz-date"].startswith("20300922T12"):
            return answer(b"content")
        return answer(body, "403 Forbidden", Date="Sun, 22 Sep 2030 12:00:00 GMT")

    with s3(script) as (server, client):
        assert read(client.open("bucket", "key")) == b"content"

    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ([CLOSE], BrokenConnectionError),
        ([b"HTTP/1.1 200 OK\r\nCont", CLOSE], BrokenConnectionError),
        ([b"no http at all\r\n\r\n", STALL], DamagedAnswerError),
        ([STALL], TimedOutError),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", STALL], TimedOutError),
        (
            [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", CLOSE],
            BrokenConnectionError,
        ),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab", CLOSE], BrokenConnectionError),
        ([b"HTTP/1.1 200 OK\r\n\r\nab", CLOSE], BrokenConnectionError),
    ],
)
@pytest.mark.parametrize("tls", [True, False])
def test_an_object_that_does_not_arrive_whole_is_a_transient_error(
    reply: Reply, error: type[TransportError], *, tls: bool
) -> None:
    with (
        s3(lambda _: reply, tls=tls, silence_s=0.05) as (_, client),
        pytest.raises(error) as raised,
    ):
        read(client.open("bucket", "key"))

    assert raised.value.is_transient


def test_a_chunked_object_is_read_whole() -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (b"abc", b"d" * 70_000))
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + b"0\r\n\r\n"
    with s3(lambda _: [b"HTTP/1.1 100 Continue\r\n\r\n", reply]) as (_, client):
        assert read(client.open("bucket", "key")) == b"abc" + b"d" * 70_000


def test_a_wrong_certificate_is_refused_at_once() -> None:
    with Server(lambda _: answer(b""), names=("elsewhere.example",)) as server:
        env = {**KEYS, "AWS_ENDPOINT_URL": server.url, "AWS_CA_BUNDLE": str(ca_bundle())}
        with pytest.raises(CertificateError, match="localhost"):
            clients.s3("us-east-1", env).open("bucket", "key")


def test_a_server_that_does_not_listen_is_a_transient_error() -> None:
    with Server(lambda _: answer(b"")) as server:
        env = {**KEYS, "AWS_ENDPOINT_URL": server.url}
    with pytest.raises(BrokenConnectionError, match="localhost"):
        clients.s3("us-east-1", env).open("bucket", "key")


def test_a_small_object_is_stored_with_its_bytes_signed() -> None:
    with s3(lambda _: answer(b"", etag='"e"')) as (server, client):
        client.put("bucket", "canary/a b.json", b"body")
        client.put("bucket", "canary/a b.json", b"other")

    assert [each.body for each in server.requests] == [b"body", b"other"]
    first = server.requests[0]
    assert (first.method, first.target) == ("PUT", "/bucket/canary/a%20b.json")
    assert first.headers["x-amz-content-sha256"] == hashlib.sha256(b"body").hexdigest()
    assert "x-amz-content-sha256" in first.headers["authorization"]
    # Nothing is left unread, so that the connection can be used again.
    assert server.connections == 1


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer(b"<Error><Code>AccessDenied</Code></Error>", "403 Forbidden"), ServiceError),
        ([CLOSE], BrokenConnectionError),
        ([STALL], TimedOutError),
    ],
)
def test_an_object_that_was_not_stored_for_certain_is_an_error(
    reply: Reply, error: type[Exception]
) -> None:
    with s3(lambda _: reply, silence_s=0.2) as (_, client), pytest.raises(error):
        client.put("bucket", "key", b"body")


def test_as_shipped_s3_may_be_silent_for_eight_seconds() -> None:
    # A busy S3 can take seconds to the first byte, and whoever hangs up before fails at each retry.
    # Within the processor's reserve of 15 s, the silence ends and the checkpoint is still saved.
    client = clients.s3("us-east-1", KEYS)

    assert client._silence_s == 8.0  # noqa: SLF001  # to be silent so long would be a slow test
