"""Failures of a command: exit codes, and error messages with a remedy."""

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's own, no OSError
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

FINDING, UNDETERMINED, REFUSED, INTERRUPTED = 1, 2, 3, 130

AwsError = (BotoCoreError, ClientError)

_LOG_IN = "log in (aws sso login, or aws configure), or name a profile with --profile"
_REMEDIES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((NoCredentialsError, PartialCredentialsError), _LOG_IN),
    ((ProfileNotFound,), "name one that aws configure list-profiles shows, or unset AWS_PROFILE"),
    ((SSOError, TokenRetrievalError), "the login has expired: aws sso login"),
    ((CredentialRetrievalError,), "run the profile's credential_process by hand to see why"),
    (
        (ConnectionError, HTTPClientError),
        "check the network, AWS_ENDPOINT_URL and the region's health page, then try again",
    ),
)
_BAD_CREDENTIALS = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
        *("InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken"),
        *("SignatureDoesNotMatch", "UnrecognizedClientException", "AuthFailure"),
    }
)
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})
_OTHERWISE = "try again; if the error persists, look it up in the service's documentation"


class UndeterminedError(Exception):
    """The answer could not be determined; the message says why."""


class FindingError(Exception):
    """What a command is for is not so in the end; the message says what is so instead."""

    exit_code = FINDING


class RefusedError(Exception):
    """The command refuses the request; the message says why, and what to do instead."""

    exit_code = REFUSED


def explain(error: Exception) -> str:
    """Return one line: what went wrong, in AWS's words, and what to do about it."""
    return f"{' '.join(str(error).split())}; {_remedy(error)}"


def _remedy(error: Exception) -> str:
    if isinstance(error, ClientError):
        code = error.response["Error"]["Code"]
        if code in _BAD_CREDENTIALS:
            return f"the credentials are wrong or have expired: {_LOG_IN}"
        return "use a role that has this permission" if code in DENIED else _OTHERWISE
    found = (remedy for types, remedy in _REMEDIES if isinstance(error, types))
    return next(found, _OTHERWISE)
