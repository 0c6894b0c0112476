"""The live page on loopback: read-only, for one person on this machine.

Other users of the machine reach the port, and so does any web page in the person's own browser. So
every address begins with a random token, which only the person is shown; a request that names
another host (DNS rebinding) is refused; and the page may load nothing and be framed by nobody.
"""

import secrets
import signal
import socket
from collections.abc import Callable
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ops.console.feed import Snapshot
from ops.console.page import page, parts
from ops.errors import UndeterminedError
from ops.status.words import now

HOST = "127.0.0.1"
_TOKEN_BYTES = 16
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Source(Protocol):
    """Where the page's content comes from."""

    def latest(self) -> Snapshot | None:
        """Return the last snapshot at once; none before the first."""


def new_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def app(source: Source, token: str) -> Starlette:
    """Return the application; everything is below ``/<token>/``."""

    async def show_page(request: Request) -> Response:
        del request
        nonce = secrets.token_urlsafe(_TOKEN_BYTES)
        return HTMLResponse(page(source.latest(), live=True, nonce=nonce), headers=_HEADERS)

    async def show_parts(request: Request) -> Response:
        del request
        latest = source.latest()
        age_s = (now() - latest.status.at).total_seconds() if latest else 0.0
        return HTMLResponse(parts(latest), headers={**_HEADERS, "X-Age-S": f"{age_s:.1f}"})

    return Starlette(
        routes=[Route(f"/{token}/", show_page), Route(f"/{token}/parts", show_parts)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


def listen(port: int) -> socket.socket:
    """Return a socket on loopback; port 0 takes a free one.

    Raises:
        UndeterminedError: the port is taken.

    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        said = f"port {port} cannot be had: {error.strerror}"
        raise UndeterminedError(f"{said}; name another one, or none to get a free one") from error
    return listening


def address(listening: socket.socket, token: str) -> str:
    """Return the page's address."""
    return f"http://{HOST}:{listening.getsockname()[1]}/{token}/"


def end_cleanly() -> None:
    """Let a termination end this process as Ctrl-C does, so that it cleans up behind itself."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def serve(source: Source, listening: socket.socket, token: str, ready: Callable[[], None]) -> None:
    """Serve the page until Ctrl-C, or a termination; call ``ready`` once it answers."""
    config = uvicorn.Config(
        app(source, token),
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    listening.listen()  # whoever connects from now on is answered
    ready()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return
