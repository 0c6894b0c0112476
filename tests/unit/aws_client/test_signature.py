"""Our signatures are botocore's, for whatever is signed and by whichever way."""

import datetime as dt
import hashlib
from unittest import mock
from urllib.parse import quote

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from services.aws_client.credentials import Credentials
from services.aws_client.signature import Scope, Signature, prepare, quoted_query

# What a header can carry: printable characters, blanks among them.
WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=10)
VALUES = st.lists(WORDS, max_size=3).map("  ".join)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
KEPT_OUT = {  # these are never signed, or are set by the signer
    *("baggage", "connection", "expect", "keep-alive", "proxy-authenticate"),
    *("proxy-authorization", "te", "traceparent", "tracestate", "trailer", "transfer-encoding"),
    *("upgrade", "user-agent", "x-amzn-trace-id", "date", "x-amz-date", "authorization"),
    *("x-amz-security-token", "x-amz-content-sha256", "host"),
}
HEADERS = st.dictionaries(NAMES.filter(lambda name: name not in KEPT_OUT), VALUES, max_size=5)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
PATHS = st.lists(TEXT | st.sampled_from(["a b", "a+b", "100%", "..", ".", "", "ü", "~x"])).map(
    lambda segments: "/" + "/".join(segments)
)
QUERIES = st.lists(st.tuples(TEXT.filter(bool), TEXT), max_size=4)
SECRETS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
CREDENTIALS = st.builds(
    Credentials,
    access_key=st.from_regex(r"[A-Z0-9]{4,20}", fullmatch=True),
    secret_key=SECRETS,
    token=st.just("") | SECRETS,
)
MOMENTS = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2099, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
METHODS = st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE"])
PAYLOADS = st.binary(max_size=200)


def of_botocore(
    scope: Scope,
    credentials: Credentials,
    request: AWSRequest,
    moment: dt.datetime,
) -> str:
    kind = S3SigV4Auth if scope.service == "s3" else SigV4Auth
    given_credentials = BotocoreCredentials(
        credentials.access_key, credentials.secret_key, credentials.token or None
    )
    with mock.patch("botocore.auth.get_current_datetime", return_value=moment):
        kind(given_credentials, scope.service, scope.region).add_auth(request)
    authorization: str = request.headers["Authorization"]
    return authorization


def seconds(moment: dt.datetime) -> float:
    return moment.replace(tzinfo=dt.UTC).timestamp()


def url(host: str, path: str, query: list[tuple[str, str]]) -> str:
    return f"https://{host}{path}" + (f"?{quoted_query(query)}" if query else "")


@given(
    METHODS,
    PATHS,
    QUERIES,
    HEADERS,
    CREDENTIALS,
    PAYLOADS,
    MOMENTS,
    st.sampled_from(["s3", "dynamodb"]),
)
def test_a_signature_is_botocores(  # noqa: PLR0917
    method: str,
    path: str,
    query: list[tuple[str, str]],
    headers: dict[str, str],
    credentials: Credentials,
    payload: bytes,
    moment: dt.datetime,
    service: str,
) -> None:
    scope = Scope("eu-central-1", service)
    path = quote(path, safe="/~")
    digest = hashlib.sha256(payload).hexdigest()
    named = {"host": "example.com", **headers}
    if service == "s3":
        named["x-amz-content-sha256"] = digest
    request = AWSRequest(
        method=method, url=url("example.com", path, query), headers=headers, data=payload
    )

    sent, signature = prepare(
        scope,
        credentials,
        method=method,
        path=path,
        query=query,
        headers=named,
        now_s=seconds(moment),
    )

    expected = of_botocore(scope, credentials, request, moment)
    assert f"{signature.authorization}{signature.of(digest)}" == expected
    assert sent["x-amz-date"] == request.headers["X-Amz-Date"]


@given(CREDENTIALS, st.lists(PAYLOADS, min_size=2, max_size=5), MOMENTS)
def test_what_a_second_shares_signs_each_payload_as_if_it_were_alone(
    credentials: Credentials, payloads: list[bytes], moment: dt.datetime
) -> None:
    def prepared() -> Signature:
        return prepare(
            Scope("us-east-1", "dynamodb"),
            credentials,
            method="POST",
            path="/",
            headers={"host": "example.com", "x-amz-target": "DynamoDB_20120810.PutItem"},
            now_s=seconds(moment),
        )[1]

    digests = [hashlib.sha256(payload).hexdigest() for payload in payloads]
    shared = prepared()

    assert [shared.of(each) for each in digests] == [prepared().of(each) for each in digests]
