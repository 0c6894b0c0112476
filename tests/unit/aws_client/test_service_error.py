"""Errors are read as botocore reads them, and repeated where it would repeat them."""

from dataclasses import dataclass
from unittest import mock

import pytest
from botocore.parsers import create_parser
from botocore.retries.standard import (
    RetryContext,
    ThrottledRetryableChecker,
    TransientRetryableChecker,
)

from services.aws_client.answer import Answer
from services.aws_client.errors import AwsClientError
from services.aws_client.service_error import ServiceError, from_json, from_xml

DYNAMODB = {
    "AccessDeniedException": 400,
    "ConditionalCheckFailedException": 400,
    "ExpiredTokenException": 400,
    "IncompleteSignatureException": 400,
    "InternalServerError": 500,
    "InvalidSignatureException": 400,
    "ItemCollectionSizeLimitExceededException": 400,
    "LimitExceededException": 400,
    "MissingAuthenticationTokenException": 400,
    "ProvisionedThroughputExceededException": 400,
    "ReplicatedWriteConflictException": 400,
    "RequestLimitExceeded": 400,
    "ResourceInUseException": 400,
    "ResourceNotFoundException": 400,
    "SerializationException": 400,
    "ServiceUnavailable": 503,
    "ThrottlingException": 400,
    "TransactionCanceledException": 400,
    "TransactionConflictException": 400,
    "TransactionInProgressException": 400,
    "UnrecognizedClientException": 400,
    "ValidationException": 400,
}
EVENTBRIDGE = {
    "AccessDeniedException": 400,
    "InternalException": 500,
    "InternalFailure": 500,
    "NotAuthorized": 400,
    "OptInRequired": 403,
    "RequestExpired": 400,
    "ResourceNotFoundException": 400,
    "ServiceUnavailable": 503,
    "ThrottlingException": 400,
    "TooManyRequestsException": 429,
    "ValidationError": 400,
}
S3 = {
    "AccessDenied": 403,
    "AuthorizationHeaderMalformed": 400,
    "BadDigest": 400,
    "BucketAlreadyExists": 409,
    "ExpiredToken": 400,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidObjectState": 403,
    "InvalidRange": 416,
    "KMS.DisabledException": 400,
    "MethodNotAllowed": 405,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "NoSuchVersion": 404,
    "OperationAborted": 409,
    "PermanentRedirect": 301,
    "PreconditionFailed": 412,
    "RequestTimeTooSkewed": 403,
    "RequestTimeout": 400,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
    "TemporaryRedirect": 307,
}
# Where we repeat and botocore does not. Of both, DynamoDB says that a repetition may succeed: the
# item was being written by a transaction, or in another region.
ONLY_OURS = {"ReplicatedWriteConflictException", "TransactionConflictException"}


@dataclass(frozen=True)
class Case:
    """An answer, and which protocol it is in."""

    protocol: str
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def ours(self) -> ServiceError:
        headers = {name.encode(): value.encode() for name, value in self.headers}
        answer = Answer(self.status, headers, self.body)
        return from_json(answer) if self.protocol == "json" else from_xml(answer)

    @property
    def botocores(self) -> tuple[str, str, int]:
        headers = {name.lower(): value for name, value in self.headers}
        response = {"status_code": self.status, "headers": headers, "body": self.body}
        error = create_parser(self.protocol).parse(response, None)["Error"]
        return error["Code"], error["Message"], self.status

    @property
    def is_repeated_by_botocore(self) -> bool:
        code, _, status = self.botocores
        context = RetryContext(
            1,
            parsed_response={"Error": {"Code": code}},
            http_response=mock.Mock(status_code=status),
        )
        checkers = (TransientRetryableChecker(), ThrottledRetryableChecker())
        return any(each.is_retryable(context) for each in checkers)


def json_case(body: str, status: int = 400, **headers: str) -> Case:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Case("json", status, body.encode(), named)


def xml_case(body: str, status: int = 400) -> Case:
    return Case("rest-xml", status, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())


def s3_body(code: str) -> str:
    return (
        f"<Error><Code>{code}</Code><Message>It&apos;s &lt;so&gt; &amp; ü</Message>"
        f"<Key>a&amp;b</Key><RequestId>R1</RequestId><HostId>h</HostId></Error>"
    )


NAMESPACE = "com.amazonaws.dynamodb.v20120810#"
DOCUMENTED = [
    *(
        json_case(f'{{"__type":"{prefix}{code}","{key}":"why: ü"}}', status)
        for codes in (DYNAMODB, EVENTBRIDGE)
        for code, status in codes.items()
        for prefix, key in (("", "message"), (NAMESPACE, "Message"))
    ),
    *(xml_case(s3_body(code), status) for code, status in S3.items()),
]
ODD = [
    json_case('{"__type":"A","message":"m"}', x_amzn_errortype="B"),
    json_case('{"__type":"ns#A:http://x/","message":"m"}'),
    json_case('{"__type":"A"}'),
    json_case("{}", 503),
    json_case('{"message":"only this"}', 502),
]
# botocore invents a message from the status, or passes on what is not meant for a reader.
UNREADABLE = [
    *(Case("rest-xml", status, b"") for status in (301, 403, 404, 405, 412, 416, 500, 503)),
    *(Case("json", status, b"") for status in (400, 403, 404, 500, 502, 503, 504)),
    json_case("<html>Bad gateway</html>", 502),
    json_case('["a list"]', 500),
    json_case('"a text"', 500),
]


@pytest.mark.parametrize("case", [*DOCUMENTED, *ODD], ids=str)
def test_code_message_and_status_are_what_botocore_reads(case: Case) -> None:
    error = case.ours

    assert (error.code, error.message, error.status) == case.botocores


@pytest.mark.parametrize("name", ["x-amzn-errortype", "X-Amzn-ErrorType"])
def test_a_code_may_stand_in_a_header_which_botocore_reads_of_other_protocols_only(
    name: str,
) -> None:
    headers = ((name, "ThrottlingException:http://internal.example/"),)
    error = Case("json", 400, b'{"message":null}', headers).ours

    assert (error.code, error.message, error.is_throttling) == ("ThrottlingException", "", True)


@pytest.mark.parametrize("case", UNREADABLE, ids=str)
def test_an_answer_without_a_readable_error_is_named_by_its_status(case: Case) -> None:
    error = case.ours

    assert (error.code, error.message, error.status) == (str(case.status), "", case.status)
    assert error.is_transient == (case.status >= 500)


@pytest.mark.parametrize("case", DOCUMENTED, ids=str)
def test_what_botocore_repeats_is_transient_and_nothing_else_but_what_is_documented(
    case: Case,
) -> None:
    error = case.ours

    assert error.is_transient == (case.is_repeated_by_botocore or error.code in ONLY_OURS)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599])
def test_a_status_can_be_transient_whatever_the_code_is(status: int) -> None:
    error = json_case('{"__type":"NeverHeardOf","message":"m"}', status).ours

    assert error.is_transient
    assert error.is_throttling == (status == 429)


def test_throttling_is_told_from_other_transient_errors() -> None:
    throttling = {case.ours.code for case in DOCUMENTED if case.ours.is_throttling}

    assert throttling == {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }


@pytest.mark.parametrize(
    ("case", "request_id"),
    [
        (xml_case(s3_body("NoSuchKey")), "R1"),
        (Case("rest-xml", 403, b"", (("x-amz-request-id", "R2"),)), "R2"),
        (json_case("{}", 400, x_amzn_RequestId="R3"), "R3"),
        (json_case("{}"), ""),
    ],
)
def test_the_request_id_is_kept_for_support(case: Case, request_id: str) -> None:
    assert case.ours.request_id == request_id


def test_an_error_reads_as_its_code_since_its_message_may_quote_what_was_sent() -> None:
    error = xml_case(s3_body("NoSuchKey")).ours

    assert (str(error), error.in_full) == ("NoSuchKey", "NoSuchKey: It's <so> & ü")


def test_a_denial_says_who_may_not_do_what_and_where() -> None:
    assert str(xml_case(s3_body("AccessDenied")).ours) == "AccessDenied: It's <so> & ü"


def test_an_error_of_the_client_itself_is_told_in_full() -> None:
    assert AwsClientError("no route to host").in_full == "no route to host"
