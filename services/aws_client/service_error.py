"""What a service says when it does not do what it was asked."""

import json
import re

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError

THROTTLING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
# Not too much was asked, yet the same may be granted later.
TRANSIENT_CODES = frozenset(
    {
        "InternalError",
        "InternalException",
        "InternalFailure",
        "InternalServerError",
        "ReplicatedWriteConflictException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "TransactionConflictException",
    }
)
# Whoever denies a call names who, what and where. Any other message may quote what was sent.
_DENIALS = frozenset({"AccessDenied", "AccessDeniedException"})
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
_XML_FIELD = re.compile(r"<(Code|Message|RequestId)>(.*?)</\1>", re.DOTALL)


class ServiceError(AwsClientError):
    """An answer other than success; ``status`` is HTTP's, ``request_id`` what AWS support asks for.

    ``server_date`` is the time at which the service answered, as it spells it.
    """

    def __init__(self, code: str, message: str, answer: Answer, request_id: str = "") -> None:
        super().__init__(f"{code}: {message}" if message and code in _DENIALS else code)
        self._code = code
        self.message = message
        self.status = answer.status
        self.request_id = (
            request_id
            or answer.header("x-amzn-requestid")
            or answer.header("x-amz-request-id")
            or ""
        )
        self.server_date = answer.header("date") or ""
        self.is_throttling = code in THROTTLING_CODES or answer.status == _TOO_MANY_REQUESTS
        self.is_transient = (
            self.is_throttling or code in TRANSIENT_CODES or answer.status >= _SERVER_ERROR
        )

    @property
    def code(self) -> str:
        """Return the service's own code, or the status if it gave none."""
        return self._code

    @property
    def in_full(self) -> str:
        return f"{self._code}: {self.message}" if self.message else self._code


def from_json(answer: Answer) -> ServiceError:
    """Return the error in an answer of DynamoDB or EventBridge."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        body = {}
    if not isinstance(body, dict):
        body = {}
    code = str(body.get("__type") or answer.header("x-amzn-errortype") or "")
    message = body.get("message") or body.get("Message") or ""
    # "namespace#Code", or "Code:where it is documented".
    code = code.rpartition("#")[2].partition(":")[0] or str(answer.status)
    return ServiceError(code, str(message), answer)


def from_xml(answer: Answer) -> ServiceError:
    """Return the error in an answer of S3."""
    from html import unescape  # noqa: PLC0415  # a large table that few runs need

    text = answer.body.decode(errors="replace")
    fields = {name: unescape(value) for name, value in _XML_FIELD.findall(text)}
    code = fields.get("Code") or str(answer.status)
    return ServiceError(code, fields.get("Message", ""), answer, fields.get("RequestId", ""))
