"""Every error of the client. A transient one may be gone if the same request is sent again.

What an error is as a text may be logged: it never quotes what was sent.
"""


class AwsClientError(Exception):
    """A request did not succeed; ``code`` is the service's own, or the name of the error's type.

    ``is_transient``: the same request may succeed later. ``is_throttling``: that is so because too
    much was asked at once, hence it is also transient.
    """

    is_transient = False
    is_throttling = False

    @property
    def code(self) -> str:
        """Return a stable name of what happened."""
        return type(self).__name__

    @property
    def in_full(self) -> str:
        """Return all that is known, which may quote what was sent: no text for logs."""
        return str(self)


class TransportError(AwsClientError):
    """No trustworthy answer arrived; whether the request had its effect is not known."""

    is_transient = True


class BrokenConnectionError(TransportError):
    """The connection could not be opened, or ended before the answer did."""


class TimedOutError(TransportError):
    """The connection or the answer took longer than it may."""


class DamagedAnswerError(TransportError):
    """The answer is no HTTP, or its body is not the one that was sent."""


class CertificateError(TransportError):
    """The server did not prove that it is the host it was taken for; nothing was sent to it."""

    is_transient = False


class CredentialsError(AwsClientError):
    """There are no credentials to sign a request with; the message says what was tried."""


class DamagedObjectError(TransportError):
    """The bytes of an object are not those that S3 has a checksum of."""
