"""With an endpoint configured, nothing leaves for a real host. The network is off here."""

import os
import socket
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from local.aws_isolation import client_variables
from local.clients import LocalSession
from ops.connection import _session
from ops.endpoints import is_of_aws, keep

ARN = "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap"
HOST = "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com"
ENDPOINT = "https://localhost:4566"
ONCE = Config(retries={"total_max_attempts": 1})

Call = Callable[[Any], object]

# Whatever a client is asked for by the access point's ARN.
OF_S3: dict[str, Call] = {
    "put": lambda s3: s3.put_object(Bucket=ARN, Key="a b/ü+%.json", Body=b"{}"),
    "put a stream": lambda s3: s3.put_object(Bucket=ARN, Key="a", Body=BytesIO(b"{}")),
    "get": lambda s3: s3.get_object(Bucket=ARN, Key="a"),
    "head": lambda s3: s3.head_object(Bucket=ARN, Key="a", VersionId="v"),
    "list": lambda s3: s3.list_objects_v2(Bucket=ARN, Prefix="a/"),
    "versions": lambda s3: s3.list_object_versions(Bucket=ARN),
    "delete": lambda s3: s3.delete_object(Bucket=ARN, Key="a"),
    "parts": lambda s3: s3.create_multipart_upload(Bucket=ARN, Key="a"),
    "copy": lambda s3: s3.copy_object(Bucket=ARN, Key="b", CopySource={"Bucket": ARN, "Key": "a"}),
    "an ordinary bucket": lambda s3: s3.put_object(Bucket="files", Key="a", Body=b""),
    "a regional access point": lambda s3: s3.put_object(
        Bucket="arn:aws:s3:us-west-2:123456789012:accesspoint/mine", Key="a", Body=b""
    ),
}
OF_S3_CONTROL: dict[str, Call] = {
    "routes": lambda control: control.get_multi_region_access_point_routes(
        AccountId="123456789012", Mrap=ARN
    ),
    "submit": lambda control: control.submit_multi_region_access_point_routes(
        AccountId="123456789012",
        Mrap=ARN,
        RouteUpdates=[{"Region": "us-west-2", "TrafficDialPercentage": 100}],
    ),
}
CALLS = [
    *(pytest.param("s3", call, id=name) for name, call in OF_S3.items()),
    *(pytest.param("s3control", call, id=name) for name, call in OF_S3_CONTROL.items()),
]


SHELL = client_variables("https://127.0.0.1:4566", Path("/ca.pem"))
FORBIDS_ACCESS_POINTS = "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS"


@pytest.fixture(params=[False, True], ids=["any shell", "the shell of make env"])
def hosts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that somebody wanted to connect to; nobody can."""
    asked: list[str] = []

    def refuse(host: object, *_: object, **__: object) -> None:
        asked.append(str(host))
        raise OSError("the network is off")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: refuse(address[0]))
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_ENDPOINT_URL", ENDPOINT),
    ):
        monkeypatch.setenv(name, value)
    if request.param:
        monkeypatch.setenv(FORBIDS_ACCESS_POINTS, SHELL[FORBIDS_ACCESS_POINTS])
    return asked


def _ask(client: Any, call: Call) -> None:  # noqa: ANN401  # boto3 has no types
    with pytest.raises(BotoCoreError):
        call(client)


@pytest.mark.parametrize(("service", "call"), CALLS)
def test_a_command_sends_nothing_to_a_real_host(hosts: list[str], service: str, call: Call) -> None:
    session = _session(region_name="us-west-2")

    _ask(session.client(service, config=ONCE), call)

    assert hosts == ["localhost"]


@pytest.mark.parametrize(("service", "call"), CALLS)
def test_the_local_clouds_own_clients_send_nothing_to_a_real_host(
    hosts: list[str], service: str, call: Call
) -> None:
    session = LocalSession("us-west-2", "https://127.0.0.1:4566", Path("/ca.pem"))

    _ask(session.client(service, config=ONCE), call)

    assert set(hosts) <= {"127.0.0.1"}


def test_the_sdk_by_itself_would_leave_for_a_real_host(hosts: list[str]) -> None:
    client = boto3.Session(region_name="us-west-2").client("s3", config=ONCE)

    _ask(client, OF_S3["put"])

    # In the shell of make env it is not even asked for.
    assert hosts == ([] if FORBIDS_ACCESS_POINTS in os.environ else [HOST])


def test_a_redirected_request_keeps_the_host_that_its_signature_is_of(hosts: list[str]) -> None:
    client = _session(region_name="us-west-2").client("s3", config=ONCE)
    sent: list[Any] = []
    client.meta.events.register_last("before-send.s3", lambda request, **_: sent.append(request))

    _ask(client, OF_S3["put"])

    [request] = sent
    assert request.url == f"{ENDPOINT}/a%20b/%C3%BC%2B%25.json"
    assert request.headers["Host"] == HOST
    assert b"AWS4-ECDSA-P256-SHA256" in request.headers["Authorization"]
    assert hosts == ["localhost"]


def test_each_retry_stays_at_the_endpoint(
    hosts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    client = _session(region_name="us-west-2").client("s3")

    _ask(client, OF_S3["put"])

    assert set(hosts) == {"localhost"}
    assert len(hosts) > 1


def test_a_client_of_aws_itself_is_left_alone(
    hosts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    client = keep(boto3.Session(region_name="us-west-2").client("s3", config=ONCE))

    _ask(client, OF_S3["put"])

    # In the shell of make env it is not even asked for.
    assert hosts == ([] if FORBIDS_ACCESS_POINTS in os.environ else [HOST])


@pytest.mark.parametrize(
    "url", ["https://s3.us-west-2.amazonaws.com", "https://s3.cn-north-1.amazonaws.com.cn"]
)
def test_an_endpoint_of_aws_is_known_by_its_domain(url: str) -> None:
    assert is_of_aws(url)


@pytest.mark.parametrize(
    "url", [ENDPOINT, "https://amazonaws.com.example.org", "https://xamazonaws.com", ""]
)
def test_any_other_endpoint_is_not_of_aws(url: str) -> None:
    assert not is_of_aws(url)
