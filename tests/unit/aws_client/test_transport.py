"""Requests to a server that does what may go wrong: each is answered once."""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.answer import Answer
from services.aws_client.endpoint import Endpoint
from services.aws_client.errors import (
    AwsClientError,
    BrokenConnectionError,
    DamagedAnswerError,
    TimedOutError,
)
from services.aws_client.transport import Transport
from tests.unit.aws_client.server import (
    CLOSE,
    STALL,
    Reply,
    Request,
    Server,
    answer,
    client_context,
)

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
GOOD = answer(b'{"n": 1}')


@contextmanager
def transport(
    url: str, *, connections: int = 4, connect_s: float = 5.0, request_s: float = 5.0
) -> Iterator[Transport]:
    made = Transport(
        Endpoint.of(url),
        client_context(),
        connections=connections,
        connect_timeout_s=connect_s,
        request_timeout_s=request_s,
    )
    try:
        yield made
    finally:
        made.close()


def outcomes(
    made: Transport, count: int = 1, request: bytes = GET
) -> list[Answer | AwsClientError]:
    found: list[Answer | AwsClientError] = []
    for _ in range(count):
        made.send(request, found.append)
    while len(found) < count:
        made.poll(5)
    assert made.in_flight == 0
    return found


def only(made: Transport, request: bytes = GET) -> Answer | AwsClientError:
    [outcome] = outcomes(made, request=request)
    return outcome


def one(script: Callable[[Request], Reply], **timeouts: float) -> Answer | AwsClientError:
    with Server(script) as server, transport(server.url, **timeouts) as made:  # type: ignore[arg-type]
        return only(made)


@pytest.mark.parametrize("tls", [True, False])
def test_a_request_gets_its_answer(*, tls: bool) -> None:
    with (
        Server(lambda _: answer(b"hello", x_a="1"), tls=tls) as server,
        transport(server.url) as made,
    ):
        found = only(made)

    assert isinstance(found, Answer)
    assert (found.status, found.body, found.header("x-a")) == (200, b"hello", "1")


@pytest.mark.parametrize("tls", [True, False])
def test_connections_are_reused_and_never_more_than_allowed(*, tls: bool) -> None:
    with Server(lambda _: GOOD, tls=tls) as server, transport(server.url, connections=3) as made:
        for _ in range(5):
            found = outcomes(made, 20)

        assert all(isinstance(each, Answer) for each in found)
        assert server.connections == 3
        assert len(server.requests) == 100


def test_every_request_gets_the_answer_to_itself() -> None:
    with (
        Server(lambda request: answer(request.target.encode())) as server,
        transport(server.url) as made,
    ):
        found: dict[int, bytes] = {}
        for n in range(50):
            request = b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % n

            def done(outcome: Answer | AwsClientError, n: int = n) -> None:
                assert isinstance(outcome, Answer)
                found[n] = outcome.body

            made.send(request, done)
        while made.in_flight:
            made.poll(5)

    assert found == {n: b"/%d" % n for n in range(50)}


@pytest.mark.parametrize("tls", [True, False])
def test_a_large_request_and_a_large_answer_arrive_whole(*, tls: bool) -> None:
    body = bytes(range(256)) * 4_000
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    with (
        Server(lambda request: answer(request.body), tls=tls) as server,
        transport(server.url) as made,
    ):
        found = only(made, request)

    assert isinstance(found, Answer)
    assert found.body == body


@pytest.mark.parametrize("tls", [True, False])
def test_a_request_larger_than_the_systems_buffers_arrives_whole(*, tls: bool) -> None:
    body = bytes(range(256)) * 120_000
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    def script(request: Request) -> bytes:
        return answer(hashlib.sha256(request.body).digest())

    with Server(script, tls=tls) as server, transport(server.url) as made:
        found = only(made, request)

    assert isinstance(found, Answer)
    assert found.body == hashlib.sha256(body).digest()


def test_a_connection_that_ends_while_a_request_is_sent_is_a_transient_error() -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n"
    with (
        Server(lambda _: GOOD, tls=False, accepts=lambda _: False) as server,
        transport(server.url) as made,
    ):
        found = outcomes(made, 3, request + bytes(30_000_000))

    assert [type(each) for each in found] == [BrokenConnectionError] * 3


def test_an_answer_may_come_in_pieces_of_a_byte() -> None:
    found = one(lambda _: [bytes([byte]) for byte in GOOD])

    assert isinstance(found, Answer)
    assert found.body == b'{"n": 1}'


def test_a_server_that_does_not_listen_is_a_transient_error() -> None:
    with Server(lambda _: GOOD) as server:
        pass
    with transport(server.url) as made:
        found = only(made)

    assert isinstance(found, BrokenConnectionError)


def test_an_answer_that_stalls_is_given_up_in_time() -> None:
    found = one(lambda _: [GOOD[:20], STALL], request_s=0.05)

    assert isinstance(found, TimedOutError)


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_an_answer_that_ends_early_is_no_answer(length: int) -> None:
    found = one(lambda _: [GOOD[:length], CLOSE])

    assert isinstance(found, BrokenConnectionError)


def test_what_is_no_http_is_no_answer() -> None:
    found = one(lambda _: [b"SSH-2.0-OpenSSH_9.7\r\n", STALL])

    assert isinstance(found, DamagedAnswerError)


@pytest.mark.parametrize(
    ("reply", "status", "body"),
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD, 200, b'{"n": 1}'),
        (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" * 3 + GOOD, 200, b'{"n": 1}'),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b""),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%b"
            % b"3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n",
            200,
            b"abcd",
        ),
        (answer(b"x", x="y" * 300_000), 200, b"x"),
        (answer(b"no", "403 Forbidden"), 403, b"no"),
        (answer(b"", "500 Internal Server Error"), 500, b""),
    ],
)
@pytest.mark.parametrize("tls", [True, False])
def test_every_form_of_an_answer_is_read(
    reply: bytes, status: int, body: bytes, *, tls: bool
) -> None:
    with Server(lambda _: reply, tls=tls) as server, transport(server.url, connections=1) as made:
        for found in outcomes(made, 3):
            assert isinstance(found, Answer)
            assert (found.status, found.body) == (status, body)
            assert found.header("link") is None  # a hint's header
        assert server.connections == 1


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"x", Connection="close"),
        b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx",
        GOOD + b"HTTP/1.1 500 Never asked for\r\nContent-Length: 0\r\n\r\n",
        GOOD + b"HTTP/1.1 200 OK\r\nX-Half: ",
        GOOD + b"garbage",
    ],
)
@pytest.mark.parametrize("tls", [True, False])
def test_a_connection_is_not_used_again_after_an_answer_that_may_not_be_the_last_word(
    reply: bytes, *, tls: bool
) -> None:
    with Server(lambda _: reply, tls=tls) as server, transport(server.url, connections=1) as made:
        for found in outcomes(made, 3):
            assert isinstance(found, Answer)
            assert found.status == 200
        assert server.connections == 3


@pytest.mark.parametrize("tls", [True, False])
@pytest.mark.parametrize("silent_s", [0.0, 2.0])
def test_a_connection_that_was_closed_while_idle_harms_no_request(
    silent_s: float, *, tls: bool
) -> None:
    now_s = [0.0]
    with Server(lambda _: [GOOD, CLOSE], tls=tls) as server:
        made = Transport(Endpoint.of(server.url), client_context(), clock_s=lambda: now_s[0])
        for _ in range(3):
            assert isinstance(only(made), Answer)
            server.wait_for_end()
            if silent_s:  # as after a pause between two invocations
                now_s[0] += silent_s
            else:
                made.poll(1)  # the end arrives
        made.close()

    assert server.connections == 3


def test_what_a_server_says_unasked_is_no_answer_to_the_next_request() -> None:
    said = threading.Event()

    def talkative() -> Iterator[bytes]:
        yield GOOD
        yield answer(b"unasked")
        said.set()

    replies: list[Reply] = [talkative(), answer(b"asked")]
    with (
        Server(lambda _: replies.pop(0)) as server,
        transport(server.url, connections=1) as made,
    ):
        only(made)
        assert said.wait(10)
        made.poll(1)
        found = only(made)

    assert isinstance(found, Answer)
    assert found.body == b"asked"


def test_an_answer_that_has_arrived_counts_however_late_it_is_looked_at() -> None:
    now_s = [0.0]
    sent = threading.Event()
    found: list[Answer | AwsClientError] = []

    def script(request: Request) -> Iterator[bytes]:
        yield answer(bytes(200_000))
        if request.number == 1:
            sent.set()

    with Server(script) as server:
        made = Transport(Endpoint.of(server.url), client_context(), clock_s=lambda: now_s[0])
        only(made)
        made.send(GET, found.append)
        assert sent.wait(10)
        now_s[0] += 60  # the function was frozen meanwhile
        made.poll(1)
        made.close()

    assert [type(each) for each in found] == [Answer]


@pytest.mark.parametrize("tls", [True, False])
def test_a_connection_must_be_open_in_time(*, tls: bool) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        address = listener.getsockname()
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.settimeout(0)
            filler.connect_ex(address)
        scheme = "https" if tls else "http"
        with transport(f"{scheme}://127.0.0.1:{address[1]}", connect_s=0.05) as made:
            found = only(made)
        for filler in fillers:
            filler.close()

    assert isinstance(found, TimedOutError)
    assert "connection" in str(found)


def test_a_handshake_must_end_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with transport(url, connect_s=0.05) as made:
            assert isinstance(only(made), TimedOutError)


def test_a_server_without_tls_is_no_server() -> None:
    with Server(lambda _: GOOD, tls=False) as server:
        url = server.url.replace("http:", "https:")
        with transport(url) as made:
            found = only(made, b"")

    assert isinstance(found, BrokenConnectionError)


def test_the_next_address_is_tried_if_one_does_not_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: GOOD) as server:
        usable = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        closed = socket.getaddrinfo("127.0.0.1", 1, type=socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [*closed, *usable, *closed])
        with transport(server.url, connections=3) as made:
            found = outcomes(made, 3)

    assert [type(each) for each in found] == [Answer] * 3


def test_a_name_that_does_not_resolve_fails_every_request_and_calls_nobody_from_send(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found: list[Answer | AwsClientError] = []
    with transport("https://nowhere.example") as made:
        for _ in range(10):
            made.send(GET, found.append)
        assert found == []
        began_s = time.monotonic()
        made.poll(5)  # does not wait for what it knows already

    assert time.monotonic() < began_s + 5
    assert [type(each) for each in found] == [BrokenConnectionError] * 10
    assert "nowhere.example" in str(found[0])


def test_whatever_done_raises_leaves_poll_and_the_others_are_answered() -> None:
    answered: list[int] = []

    def done(n: int) -> Callable[[object], None]:
        def called(_: object) -> None:
            answered.append(n)
            if n % 2:
                raise ZeroDivisionError

        return called

    raised = 0
    with Server(lambda _: GOOD) as server, transport(server.url, connections=3) as made:
        for n in range(20):
            made.send(GET, done(n))
        while made.in_flight:
            try:
                made.poll(5)
            except ZeroDivisionError:
                raised += 1

    assert sorted(answered) == list(range(20))
    assert raised == 10


def test_done_may_send_but_not_poll() -> None:
    found: list[object] = []
    with Server(lambda _: GOOD) as server, transport(server.url, connections=1) as made:

        def done(outcome: object) -> None:
            found.append(outcome)
            if len(found) < 5:
                made.send(GET, done)

        made.send(GET, done)
        while made.in_flight:
            made.poll(5)
        assert len(found) == 5

        made.send(GET, lambda _: made.poll(0))
        with pytest.raises(RuntimeError, match="done"):
            made.poll(5)
        assert isinstance(only(made), Answer)


def test_there_is_room_until_every_connection_has_a_request() -> None:
    with Server(lambda _: [STALL]) as server, transport(server.url, connections=2) as made:
        for room in (True, True, False, False):
            assert made.has_room == room
            made.send(GET, lambda _: None)
        assert made.in_flight == 4


def test_closing_answers_what_is_in_flight() -> None:
    found: list[object] = []
    with Server(lambda _: [STALL]) as server:
        made = Transport(Endpoint.of(server.url), client_context(), connections=2)
        for _ in range(4):
            made.send(GET, found.append)
        made.poll(0.01)
        made.close()

    assert [type(each) for each in found] == [BrokenConnectionError] * 4
    assert made.in_flight == 0


def test_an_early_refusal_of_a_large_request_is_read_and_the_rest_not_sent() -> None:
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n"
    found: list[Answer | AwsClientError] = []
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        transport(f"http://127.0.0.1:{listener.getsockname()[1]}") as made,
    ):
        made.send(request + bytes(8_000_000), found.append)
        made.poll(1)
        accepted, _ = listener.accept()
        accepted.recv(1000)
        accepted.sendall(answer(b"", "413 Too Large"))
        while not found:
            made.poll(1)
        made.send(GET, found.append)
        made.poll(1)
        again, _ = listener.accept()
        accepted.close()
        again.close()

    outcome = found[0]
    assert isinstance(outcome, Answer)
    assert outcome.status == 413


def test_an_endless_answer_is_given_up() -> None:
    def endless() -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n"
        while True:
            yield bytes(1_000_000)

    assert isinstance(one(lambda _: endless()), DamagedAnswerError)


def echo(request: Request) -> bytes:
    return answer(request.target.encode())


BEHAVIOURS: dict[str, Callable[[bytes], Reply]] = {
    "answers": lambda good: good,
    "answers in pieces": lambda good: [good[n : n + 7] for n in range(0, len(good), 7)],
    "answers after a hint": lambda good: b"HTTP/1.1 103 Early Hints\r\n\r\n" + good,
    "answers and closes": lambda good: [good, CLOSE],
    "answers and says more": lambda good: good + answer(b"more"),
    "answers with a damaged next answer": lambda good: good + b"HTTP/1.1 200 OK\r\nX: ",
    "closes": lambda _: [CLOSE],
    "closes in the head": lambda good: [good[:20], CLOSE],
    "closes in the body": lambda good: [good[:-1], CLOSE],
    "says nothing": lambda _: [STALL],
    "stops in the middle": lambda good: [good[:30], STALL],
    "says something else": lambda _: [b"\x16\x03\x01 no HTTP\r\n\r\n", STALL],
}


@given(
    st.lists(st.sampled_from(sorted(BEHAVIOURS)), min_size=1, max_size=12),
    st.integers(1, 4),
    st.booleans(),
    st.sets(st.integers(0, 5)),
)
def test_whatever_happens_every_request_has_one_outcome_which_is_its_own(
    behaviours: list[str],
    connections: int,
    tls: bool,  # noqa: FBT001
    refused: set[int],
) -> None:
    """``refused`` are the connections that are closed as soon as they are accepted."""

    def script(request: Request) -> Reply:
        return BEHAVIOURS[behaviours[int(request.target[1:])]](echo(request))

    found: dict[int, list[Answer | AwsClientError]] = {n: [] for n in range(len(behaviours))}
    with (
        Server(script, tls=tls, accepts=lambda n: n not in refused) as server,
        transport(server.url, connections=connections, request_s=0.1) as made,
    ):
        for n, outcomes_of_one in found.items():
            made.send(b"GET /%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % n, outcomes_of_one.append)
        while made.in_flight:
            made.poll(1)
        made.poll(0)

    for n, outcomes_of_one in found.items():
        [outcome] = outcomes_of_one
        if isinstance(outcome, Answer):
            assert outcome.body == b"/%d" % n
            assert behaviours[n].startswith("answers")
        else:
            assert outcome.is_transient
