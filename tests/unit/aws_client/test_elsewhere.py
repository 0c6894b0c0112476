"""No answer leads a client elsewhere: a redirection is an error, and the next request goes home."""

import pytest

from services.aws_client import clients
from services.aws_client.s3 import S3
from services.aws_client.service_error import ServiceError
from tests.unit.aws_client.fakes import KEYS
from tests.unit.aws_client.server import Request, Server, answer, ca_bundle
from tests.unit.aws_client.test_json_service import called, checked, error_of, outcome_of

STATUSES = ("300 M", "301 Moved Permanently", "302 F", "303 S", "305 U", "307 T", "308 P")
BODY = b"<Error><Code>PermanentRedirect</Code><Endpoint>%s</Endpoint></Error>"


def leading(status: str, url: str) -> bytes:
    """Return an answer that names another place in each way that AWS or HTTP has."""
    host = url.partition("//")[2]
    return answer(
        BODY % host.encode(),
        status,
        Location=f"{url}/key",
        Content_Location=url,
        Refresh=f"0; url={url}",
        Alt_Svc=f'h2="{host}"',
        x_amz_bucket_region="eu-west-1",
        Connection="keep-alive",
    )


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("where", ["there", "here", "nowhere"])
def test_objects_are_asked_for_where_the_client_was_made_for(status: str, where: str) -> None:
    with Server(lambda _: answer(b"stolen")) as there:
        urls = {"there": there.url, "nowhere": "//"}

        def script(_: Request) -> bytes:
            is_first = len(here.requests) == 1
            return leading(status, urls.get(where, here.url)) if is_first else answer(b"content")

        with Server(script) as here:
            env = {**KEYS, "AWS_ENDPOINT_URL": here.url, "AWS_CA_BUNDLE": str(ca_bundle())}
            client = clients.s3("us-east-1", env)
            with pytest.raises(ServiceError) as raised:
                client.open("bucket", "key")
            assert b"".join(client.open("bucket", "key")) == b"content"
            client.close()

        assert raised.value.status == int(status[:3])
        assert [each.target for each in here.requests] == ["/bucket/key"] * 2
        assert {each.headers["host"] for each in here.requests} == {here.url.partition("//")[2]}
        assert there.connections == 0


@pytest.mark.parametrize("status", STATUSES)
def test_calls_go_where_the_client_was_made_for(status: str) -> None:
    with Server(lambda _: checked(b"{}")) as there:

        def script(_: Request) -> bytes:
            return leading(status, there.url) if len(here.requests) == 1 else checked(b"{}")

        with called(script) as (here, service):
            error = error_of(service)
            assert outcome_of(service) == b"{}"

        assert isinstance(error, ServiceError)
        assert error.status == int(status[:3])
        assert len({each.headers["host"] for each in here.requests}) == 1
        assert there.connections == 0


@pytest.mark.parametrize("bucket", ["bucket", "b.u", "a/b", "evil.example.org/x", "h@evil.org"])
def test_a_bucket_s_name_never_makes_another_domain(bucket: str) -> None:
    client: S3 = clients.s3("us-east-1", KEYS)

    endpoint, _ = client.place(bucket, "key")

    assert endpoint.host.removeprefix(f"{bucket}.") == "s3.us-east-1.amazonaws.com"
