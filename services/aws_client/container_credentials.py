"""Credentials from a server beside the function, as Lambda's SnapStart and containers have them."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from services.aws_client.answer import Answer
from services.aws_client.credentials import Credentials, CredentialSource, EnvironmentCredentials
from services.aws_client.endpoint import Endpoint
from services.aws_client.errors import AwsClientError, CredentialsError
from services.aws_client.tls import trusting
from services.aws_client.transport import Transport

RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN"  # noqa: S105  # a variable's name
TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"  # noqa: S105
# Others may not be sent the authorization token without encryption.
_HOSTS = frozenset({"169.254.170.2", "169.254.170.23", "fd00:ec2::23", "localhost"})
_TIMEOUT_S = 2.0
_ATTEMPTS = 3
# They are renewed so long before their end that a request signed just before will still arrive.
_RESERVE_S = 600.0
# A server whose credentials end sooner is not asked every time.
_PAUSE_S = 60.0
_OK = 200


def credential_source(env: Mapping[str, str]) -> CredentialSource:
    """Return the source that the environment names: keys themselves, or a server.

    Raises ``CredentialsError`` if it names none, or one that may not be asked.
    """
    if env.get("AWS_ACCESS_KEY_ID"):
        return EnvironmentCredentials(env)
    if env.get(RELATIVE_URI):
        return ContainerCredentials(f"http://169.254.170.2{env[RELATIVE_URI]}", env)
    if env.get(FULL_URI):
        return ContainerCredentials(env[FULL_URI], env)
    raise CredentialsError(
        f"no credentials: none of AWS_ACCESS_KEY_ID, {RELATIVE_URI} and {FULL_URI} is set"
    )


class ContainerCredentials:
    """Credentials that are asked for over HTTP, and again ten minutes before they expire."""

    def __init__(self, url: str, env: Mapping[str, str]) -> None:
        self.url = url
        try:
            self._endpoint = Endpoint.of(url)
        except ValueError as error:
            raise CredentialsError(f"no credentials: {error}") from error
        host = self._endpoint.host
        if not (self._endpoint.is_encrypted or host in _HOSTS or _is_loopback(host)):
            raise CredentialsError(f"no credentials: {host!r} may only be asked over https")
        parts = urlsplit(url)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._env = env
        self._known: Credentials | None = None
        self._asked_at_s = 0.0

    def current(self, now_s: float) -> Credentials:
        known = self._known
        if known is None or self._is_ending(known, now_s):
            try:
                self._known = known = self._fetched()
            except CredentialsError:
                if known is None or known.expires_at_s <= now_s:
                    raise
            self._asked_at_s = now_s
        return known

    def renew(self, refused: Credentials) -> None:
        if self._known is refused:
            self._known = None

    def _is_ending(self, known: Credentials, now_s: float) -> bool:
        left_s = known.expires_at_s - now_s
        return left_s <= 0 or (left_s < _RESERVE_S and now_s - self._asked_at_s >= _PAUSE_S)

    def _fetched(self) -> Credentials:
        problem = ""
        for _ in range(_ATTEMPTS):
            outcome = self._asked()
            if isinstance(outcome, Answer) and outcome.status == _OK:
                return _parsed(outcome.body)
            problem = f"status {outcome.status}" if isinstance(outcome, Answer) else str(outcome)
        raise CredentialsError(f"no credentials from {self._endpoint.host}: {problem}")

    def _asked(self) -> Answer | AwsClientError:
        lines = [
            f"GET {self._target} HTTP/1.1",
            f"Host: {self._endpoint.host_header}",
            "Accept: application/json",
            *self._authorization(),
            "Connection: close",
        ]
        outcomes: list[Answer | AwsClientError] = []
        transport = Transport(
            self._endpoint,
            trusting(self._env),
            connections=1,
            connect_timeout_s=_TIMEOUT_S,
            request_timeout_s=_TIMEOUT_S,
        )
        transport.send("\r\n".join([*lines, "", ""]).encode(), outcomes.append)
        while not outcomes:
            transport.poll(_TIMEOUT_S)
        transport.close()
        return outcomes[0]

    def _authorization(self) -> list[str]:
        token = self._env.get(TOKEN, "")
        if path := self._env.get(TOKEN_FILE):
            try:
                token = Path(path).read_text()
            except OSError as error:
                raise CredentialsError(f"no credentials: {TOKEN_FILE}: {error}") from error
        if "\r" in token or "\n" in token:
            raise CredentialsError("no credentials: the authorization token has several lines")
        return [f"Authorization: {token}"] if token else []


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address  # noqa: PLC0415  # its import takes long, few need it

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _parsed(body: bytes) -> Credentials:
    try:
        found = json.loads(body)
        return Credentials(
            access_key=found["AccessKeyId"],
            secret_key=found["SecretAccessKey"],
            token=found["Token"],
            expires_at_s=datetime.fromisoformat(found["Expiration"]).timestamp(),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise CredentialsError(f"no credentials in the server's answer: {error!r}") from error
