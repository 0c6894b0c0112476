"""Who gets the page: one person on this machine. Requests are put to the application itself."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from ops.console import server
from ops.console.feed import Snapshot
from ops.errors import UndeterminedError
from tests.unit.ops.console.snapshots import snapshot

TOKEN = "t0ken"


class Fixed:
    """A source that has had its first look, or not."""

    def __init__(self, found: Snapshot | None) -> None:
        self.found = found

    def latest(self) -> Snapshot | None:
        return self.found


def ask(
    path: str, *, host: str = "127.0.0.1:8000", method: str = "GET", found: Snapshot | None = None
) -> tuple[int, Mapping[str, str], str]:
    """Return status, headers and body of the answer to a request."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "http_version": "1.1",
        "scheme": "http",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401  # ASGI's
        sent.append(dict(message))

    asyncio.run(server.app(Fixed(found), TOKEN)(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(each.get("body", b"") for each in sent[1:])
    return sent[0]["status"], headers, body.decode()


def test_who_has_the_token_gets_the_page_and_its_parts() -> None:
    found = snapshot()

    status, headers, body = ask(f"/{TOKEN}/", found=found)
    assert status == 200
    assert body.startswith("<!doctype html>")
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"

    status, headers, body = ask(f"/{TOKEN}/parts", found=found)
    assert status == 200
    assert "data-part" in body
    assert "<html" not in body
    assert float(headers["x-age-s"]) >= 0


def test_before_the_first_look_there_is_a_page_too() -> None:
    status, _, body = ask(f"/{TOKEN}/")

    assert status == 200
    assert "Looking at both regions" in body


@pytest.mark.parametrize("path", ["/", "/parts", "/other/", "/t0ke/", "/t0kenn/parts", "/T0KEN/"])
def test_without_the_token_there_is_nothing(path: str) -> None:
    status, _, body = ask(path, found=snapshot())

    assert status == 404
    assert "orders" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""]
)
def test_another_hosts_name_is_refused_even_with_the_token(host: str) -> None:
    assert ask(f"/{TOKEN}/", host=host, found=snapshot())[0] == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "127.0.0.1"])
def test_this_machines_own_names_are_accepted(host: str) -> None:
    assert ask(f"/{TOKEN}/", host=host, found=snapshot())[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(method: str) -> None:
    assert ask(f"/{TOKEN}/", method=method, found=snapshot())[0] == 405


def test_each_page_has_a_nonce_of_its_own() -> None:
    first, second = (ask(f"/{TOKEN}/", found=snapshot())[2] for _ in range(2))

    assert first.split("nonce-")[1][:20] != second.split("nonce-")[1][:20]


def test_it_listens_on_loopback_only_and_a_taken_port_is_said() -> None:
    with server.listen(0) as listening:
        host, port = listening.getsockname()
        listening.listen()

        assert host == "127.0.0.1"
        assert server.address(listening, TOKEN) == f"http://127.0.0.1:{port}/{TOKEN}/"
        with pytest.raises(UndeterminedError, match=f"port {port} cannot be had"):
            server.listen(port)


def test_a_token_is_long_and_different_each_time() -> None:
    tokens = {server.new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert min(map(len, tokens)) >= 20
