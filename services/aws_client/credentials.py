"""The credentials that a Lambda function is given, in the variables of its environment."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from services.aws_client.errors import CredentialsError


class Credentials(NamedTuple):
    """What requests are signed with; ``expires_at_s`` is seconds since the epoch."""

    access_key: str
    secret_key: str
    token: str = ""
    expires_at_s: float = float("inf")


class CredentialSource(Protocol):
    """Where credentials come from."""

    def current(self, now_s: float) -> Credentials:
        """Return credentials that are still valid; ``now_s`` is seconds since the epoch.

        Raises ``CredentialsError`` if there are none.
        """

    def renew(self, refused: Credentials) -> None:
        """Get others the next time, unless that has happened since ``refused`` were returned."""


class EnvironmentCredentials:
    """The credentials in ``AWS_ACCESS_KEY_ID`` and so on; read again when they are refused."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._known: Credentials | None = None

    def current(self, now_s: float) -> Credentials:  # noqa: ARG002  # they have no known end
        if self._known is None:
            secret_key = self._env.get("AWS_SECRET_ACCESS_KEY")
            if not secret_key:
                raise CredentialsError("AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not")
            self._known = Credentials(
                self._env["AWS_ACCESS_KEY_ID"], secret_key, self._env.get("AWS_SESSION_TOKEN", "")
            )
        return self._known

    def renew(self, refused: Credentials) -> None:
        if self._known is refused:
            self._known = None
