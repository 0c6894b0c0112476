"""Calls of DynamoDB and EventBridge, signed, checked and repeated when that was the reason."""

import json
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from services.aws_client import clients
from services.aws_client.credentials import Credentials
from services.aws_client.endpoint import Endpoint
from services.aws_client.errors import AwsClientError, CredentialsError, DamagedAnswerError
from services.aws_client.json_service import JsonService, Outcome
from services.aws_client.service_error import ServiceError
from services.aws_client.signature import Scope
from services.aws_client.signer import Signer
from services.aws_client.transport import Transport
from tests.unit.aws_client.fakes import CREDENTIALS, KEYS
from tests.unit.aws_client.server import Reply, Request, Server, answer, ca_bundle, client_context

NOW_S = 1_790_000_000.0
DATE = "Tue, 22 Sep 2026 12:00:00 GMT"


class Source:
    """Hands out the given credentials, the next ones after each that was refused."""

    def __init__(self, *each: Credentials) -> None:
        self.each = list(each)

    def current(self, now_s: float) -> Credentials:  # noqa: ARG002
        if not self.each:
            raise CredentialsError("no credentials")
        return self.each[0]

    def renew(self, refused: Credentials) -> None:
        if self.each and self.each[0] is refused:
            self.each.pop(0)


@contextmanager
def called(
    script: Callable[[Request], Reply],
    source: Source | None = None,
    clock_s: Callable[[], float] = lambda: NOW_S,
) -> Iterator[tuple[Server, JsonService]]:
    with Server(script) as server:
        transport = Transport(Endpoint.of(server.url), client_context(), connections=4)
        signer = Signer(Scope("us-east-1", "dynamodb"), source or Source(CREDENTIALS), clock_s)
        yield server, JsonService(transport, signer, target="DynamoDB_20120810", content_type="j")
        transport.close()


def checked(body: bytes) -> bytes:
    return answer(body, x_amz_crc32=str(zlib.crc32(body)))


def failed(code: str, message: str = "", status: str = "400 Bad Request", **headers: str) -> bytes:
    body = json.dumps({"__type": f"com.amazon#{code}", "message": message}).encode()
    return answer(body, status, **headers)


def outcome_of(service: JsonService, body: bytes = b"{}") -> Outcome:
    outcomes: list[Outcome] = []
    service.call("PutItem", body, outcomes.append)
    while not outcomes:
        service.transport.poll(5)
    return outcomes[0]


def error_of(service: JsonService) -> AwsClientError:
    outcome = outcome_of(service)
    assert isinstance(outcome, AwsClientError)
    return outcome


@pytest.mark.parametrize(
    ("make", "target", "content_type"),
    [
        (clients.dynamodb, "DynamoDB_20120810.PutItem", "application/x-amz-json-1.0"),
        (clients.eventbridge, "AWSEvents.PutItem", "application/x-amz-json-1.1"),
    ],
)
def test_the_environment_makes_a_client(
    make: Callable[..., JsonService], target: str, content_type: str
) -> None:
    with Server(lambda _: checked(b'{"a":1}')) as server:
        env = {**KEYS, "AWS_ENDPOINT_URL": server.url, "AWS_CA_BUNDLE": str(ca_bundle())}
        service = make("eu-central-1", env)

        assert outcome_of(service, b'{"x":1}') == b'{"a":1}'
        service.transport.close()

    [request] = server.requests
    assert (request.method, request.target, request.body) == ("POST", "/", b'{"x":1}')
    assert request.headers["x-amz-target"] == target
    assert request.headers["content-type"] == content_type
    assert request.headers["x-amz-security-token"] == "token"
    assert "/eu-central-1/" in request.headers["authorization"]


@pytest.mark.parametrize(
    "damaged",
    [
        answer(b'{"a":1}', x_amz_crc32="1"),
        answer(b'{"a":1}', X_Amz_Crc32="1"),
        answer(b"{}", x_amz_crc32="none"),
        answer(b"<html></html>"),
        answer(b'{"a":'),
        answer(b""),
    ],
)
def test_an_answer_that_is_not_what_was_sent_is_no_success(damaged: bytes) -> None:
    with called(lambda _: damaged) as (_, service):
        error = error_of(service)

    assert isinstance(error, DamagedAnswerError)
    assert error.is_transient


def test_an_answer_without_checksum_is_believed_if_it_is_json() -> None:
    with called(lambda _: answer(b'{"a": 1}')) as (_, service):
        assert outcome_of(service) == b'{"a": 1}'


def test_a_refusal_has_its_code() -> None:
    with called(lambda _: failed("ConditionalCheckFailedException", "no")) as (server, service):
        error = error_of(service)

    assert isinstance(error, ServiceError)
    assert (error.code, error.message, error.status) == (
        "ConditionalCheckFailedException",
        "no",
        400,
    )
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidSignatureException", "Signature expired: 20260101 is now earlier than 20260922"),
        ("InvalidSignatureException", "Signature not yet current: 20270101 is still later"),
        ("RequestTimeTooSkewed", "The difference is too large"),
    ],
)
def test_a_wrong_clock_is_corrected_by_the_services_own_and_the_call_repeated(
    code: str, message: str
) -> None:
    def script(request: Request) -> bytes:
        if request.headers["x-amz-date"] == "20260922T120000Z":
            return checked(b"{}")
        return failed(code, message, Date=DATE)

    with called(script) as (server, service):
        assert outcome_of(service) == b"{}"
        assert outcome_of(service) == b"{}"

    assert len(server.requests) == 3


@pytest.mark.parametrize("date", [{}, {"Date": "yesterday"}, {"Date": DATE}])
def test_a_clock_is_corrected_once_a_call(date: dict[str, str]) -> None:
    with called(lambda _: failed("RequestTimeTooSkewed", **date)) as (server, service):
        error = error_of(service)

    assert error.code == "RequestTimeTooSkewed"
    assert len(server.requests) == (2 if date.get("Date") == DATE else 1)


def test_a_wrong_secret_is_not_taken_for_a_wrong_clock() -> None:
    script = failed("InvalidSignatureException", "The signature does not match", Date=DATE)
    with called(lambda _: script) as (server, service):
        error_of(service)

    assert len(server.requests) == 1


@pytest.mark.parametrize("code", ["ExpiredTokenException", "ExpiredToken"])
def test_expired_credentials_are_renewed_once_for_all_calls(code: str) -> None:
    def script(request: Request) -> bytes:
        return checked(b"{}") if "Credential=NEW/" in request.headers["authorization"] else refusal

    refusal = failed(code, "expired")
    source = Source(CREDENTIALS, Credentials("NEW", "s"), Credentials("NEVER", "s"))
    outcomes: list[Outcome] = []
    with called(script, source) as (server, service):
        for _ in range(4):
            service.call("PutItem", b"{}", outcomes.append)
        while service.transport.in_flight:
            service.transport.poll(5)

    assert outcomes == [b"{}"] * 4
    assert len(server.requests) == 8
    assert len(source.each) == 2


def test_credentials_that_stay_expired_are_an_error() -> None:
    source = Source(CREDENTIALS, CREDENTIALS, CREDENTIALS)
    with called(lambda _: failed("ExpiredTokenException"), source) as (server, service):
        assert error_of(service).code == "ExpiredTokenException"

    assert len(server.requests) == 2


def test_without_credentials_a_call_fails_like_any_other() -> None:
    outcomes: list[Outcome] = []
    with called(lambda _: checked(b"{}"), Source()) as (server, service):
        service.call("PutItem", b"{}", outcomes.append)
        assert outcomes == []
        service.transport.poll(0)

    assert [type(outcome) for outcome in outcomes] == [CredentialsError]
    assert server.requests == []


def test_each_second_has_its_own_signature() -> None:
    now = iter(NOW_S + n / 4 for n in range(100))
    with called(lambda _: checked(b"{}"), clock_s=lambda: next(now)) as (server, service):
        for _ in range(8):
            outcome_of(service)

    dates = [request.headers["x-amz-date"] for request in server.requests]
    signatures = {request.headers["authorization"] for request in server.requests}
    assert len(set(dates)) == len(signatures) == 2
    assert dates[0] == time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(NOW_S))


def test_an_error_that_arrives_damaged_says_nothing_and_is_transient() -> None:
    body = json.dumps({"__type": "com.amazon#ValidationException"}).encode()
    damaged = answer(body, "400 Bad Request", x_amz_crc32=str(zlib.crc32(body) ^ 1))

    with called(lambda _: damaged) as (_, service):
        error = outcome_of(service)

    assert isinstance(error, DamagedAnswerError)
    assert error.is_transient
