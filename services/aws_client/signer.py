"""Signs requests to one service, and learns from its refusals."""

import time
from collections.abc import Callable, Iterable, Mapping

from services.aws_client.credentials import Credentials, CredentialSource
from services.aws_client.errors import AwsClientError
from services.aws_client.service_error import ServiceError
from services.aws_client.signature import Scope, Signature, prepare

_EXPIRED_CODES = frozenset({"ExpiredToken", "ExpiredTokenException"})
_SKEW_CODES = frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"})
_SIGNATURE_CODES = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
_SKEW_PHRASES = ("not yet current", "expired")


class Signer:
    """Signs for a scope with a source's credentials, by the service's clock as far as it is known.

    The service's clock differs from ours by what its last complaint about our time said.
    """

    def __init__(
        self, scope: Scope, source: CredentialSource, clock_s: Callable[[], float] = time.time
    ) -> None:
        self._scope = scope
        self._source = source
        self._clock_s = clock_s
        self._skew_s = 0.0

    def now_s(self) -> float:
        """Return the service's time, in seconds since the epoch."""
        return self._clock_s() + self._skew_s

    def prepare(
        self,
        method: str,
        path: str,
        query: Iterable[tuple[str, str]],
        headers: Mapping[str, str],
        now_s: float,
    ) -> tuple[dict[str, str], Signature, Credentials]:
        """Return the headers to send, the signature and the credentials it was made with.

        Raises ``CredentialsError`` if there are none.
        """
        credentials = self._source.current(now_s)
        sent, signature = prepare(
            self._scope,
            credentials,
            method=method,
            path=path,
            query=query,
            headers=headers,
            now_s=now_s,
        )
        return sent, signature, credentials

    def learns_from(self, error: AwsClientError, used: Credentials) -> bool:
        """Return whether the same request, signed again now, may be accepted.

        That is so if it was signed at a time that the service says is wrong, or with credentials
        that have expired.
        """
        if not isinstance(error, ServiceError):
            return False
        if error.code in _EXPIRED_CODES:
            self._source.renew(used)
            return True
        if _is_about_time(error) and (server_s := _seconds(error.server_date)) is not None:
            self._skew_s = server_s - self._clock_s()
            return True
        return False


def _is_about_time(error: ServiceError) -> bool:
    if error.code in _SIGNATURE_CODES:
        return any(phrase in error.message.lower() for phrase in _SKEW_PHRASES)
    return error.code in _SKEW_CODES


def _seconds(date: str) -> int | None:
    """Return the seconds since the epoch of a ``Date`` header, if it is one."""
    # Only a clock that is wrong needs this.
    from calendar import timegm  # noqa: PLC0415  # its import takes a millisecond

    try:
        return timegm(time.strptime(date, "%a, %d %b %Y %H:%M:%S GMT"))
    except ValueError:
        return None
