"""Where a service is."""

import socket
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from services.aws_client.channel import Address

_PORTS = {"https": 443, "http": 80}


class Endpoint(NamedTuple):
    """A host and the path at which a service answers."""

    host: str
    port: int
    is_encrypted: bool
    path: str = "/"

    @classmethod
    def of(cls, url: str) -> "Endpoint":
        """Return the endpoint of a URL.

        Raises ``ValueError`` if it is not http or https, or has no host.
        """
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError(f"not the URL of an endpoint: {url!r}")
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            is_encrypted=parts.scheme == "https",
            path=parts.path or "/",
        )

    @property
    def host_header(self) -> str:
        """The host as a request names it: with its port unless it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.port == _PORTS["https" if self.is_encrypted else "http"]
        return host if is_usual else f"{host}:{self.port}"


class Addresses:
    """The addresses of an endpoint, asked for again after five seconds.

    That is how long DynamoDB's own name servers let an answer be kept. Asking is the one thing
    that blocks.
    """

    KEPT_S = 5.0

    def __init__(self, endpoint: Endpoint, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._endpoint = endpoint
        self._clock_s = clock_s
        self._known: list[Address] = []
        self._until_s = 0.0

    def __call__(self) -> list[Address]:
        """Return all addresses, each time beginning with another one.

        Raises ``OSError`` when the name can't be resolved.
        """
        now_s = self._clock_s()
        if not self._known or now_s >= self._until_s:
            found = socket.getaddrinfo(
                self._endpoint.host, self._endpoint.port, type=socket.SOCK_STREAM
            )
            self._known = [(family, address) for family, _, _, _, address in found]  # type: ignore[misc]
            self._until_s = now_s + self.KEPT_S
        self._known.append(self._known.pop(0))
        return self._known.copy()


_VARIABLES = {
    "dynamodb": "AWS_ENDPOINT_URL_DYNAMODB",
    "events": "AWS_ENDPOINT_URL_EVENTBRIDGE",
    "s3": "AWS_ENDPOINT_URL_S3",
}


def configured_url(service: str, env: Mapping[str, str]) -> str | None:
    """Return the URL that the environment gives for a service, if it gives one."""
    if env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return None
    return env.get(_VARIABLES[service]) or env.get("AWS_ENDPOINT_URL") or None


def endpoint_of(service: str, region: str, env: Mapping[str, str]) -> Endpoint:
    """Return where a service is reached: as the environment says, else at AWS.

    ``service`` is the name it has in host names and signatures: dynamodb, events or s3.
    Raises ``ValueError`` if the environment gives no valid URL, or one beside asking for FIPS.
    """
    is_fips = env.get("AWS_USE_FIPS_ENDPOINT", "").lower() == "true"
    url = configured_url(service, env)
    if url is not None:
        if is_fips:
            raise ValueError(f"AWS_USE_FIPS_ENDPOINT does not apply to {url}")
        return Endpoint.of(url)
    domain = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return Endpoint.of(f"https://{service}{'-fips' if is_fips else ''}.{region}.{domain}")
