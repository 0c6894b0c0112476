"""Requests go where botocore would send them."""

import contextlib
import os
import socket
from unittest import mock

import botocore.loaders
import botocore.session
import pytest
from botocore.awsrequest import AWSPreparedRequest

from services.aws_client.endpoint import Addresses, Endpoint, configured_url, endpoint_of
from services.aws_client.s3 import S3
from services.aws_client.signature import Scope
from services.aws_client.signer import Signer
from tests.unit.aws_client.fakes import SOURCE
from tests.unit.aws_client.server import client_context

FIPS = {"AWS_USE_FIPS_ENDPOINT": "true"}
LOCAL = {"AWS_ENDPOINT_URL": "http://localhost:4566"}
SETTINGS = [
    {},
    FIPS,
    LOCAL,
    {"AWS_ENDPOINT_URL": "https://localhost:4566/base/path"},
    {"AWS_ENDPOINT_URL": "https://localhost:4566/base/path/"},
    {"AWS_ENDPOINT_URL": "https://[::1]:4566"},
    {"AWS_ENDPOINT_URL": "http://localhost"},
    {"AWS_ENDPOINT_URL": ""},
    {"AWS_ENDPOINT_URL_DYNAMODB": "http://dynamodb.local:1", **LOCAL},
    {"AWS_ENDPOINT_URL_EVENTBRIDGE": "http://events.local:1", **LOCAL},
    {"AWS_ENDPOINT_URL_EVENTS": "http://nobody.local:1", **LOCAL},
    {"AWS_ENDPOINT_URL_S3": "http://s3.local:1", **LOCAL},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", **LOCAL},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "TRUE", **LOCAL},
    {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false", **LOCAL},
]
REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "cn-north-1"]


LOADER = botocore.loaders.create_loader()
Call = tuple[str, dict[str, str]]


def urls_of_botocore(service: str, region: str, env: dict[str, str], *calls: Call) -> list[str]:
    # The oldest region alone had another S3 address, before there was one for each.
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    regional = {"AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "regional"}
    seen: list[str] = []

    def stop(request: AWSPreparedRequest, **_: object) -> None:
        seen.append(request.url)
        raise InterruptedError

    with mock.patch.dict(os.environ, {**env, **keys, **regional}, clear=True):
        session = botocore.session.Session()
        session.register_component("data_loader", LOADER)
        client = session.create_client(service, region_name=region)
        client.meta.events.register("before-send", stop)
        for operation, parameters in calls:
            with contextlib.suppress(InterruptedError):
                getattr(client, operation)(**parameters)
    return seen


def url(endpoint: Endpoint, path: str) -> str:
    scheme = "https" if endpoint.is_encrypted else "http"
    return f"{scheme}://{endpoint.host_header}{path}"


def s3(region: str, env: dict[str, str]) -> S3:
    return S3(region, env, Signer(Scope(region, "s3"), SOURCE), client_context())


# China has no FIPS endpoints; botocore refuses to make a client of S3 there.
EVERYWHERE = [
    (region, env) for region in REGIONS for env in ({}, FIPS) if region[:2] != "cn" or not env
]


@pytest.mark.parametrize(
    ("region", "env"), [*EVERYWHERE, *(("us-east-1", env) for env in SETTINGS)], ids=str
)
def test_dynamodb_and_eventbridge_are_where_botocore_finds_them(
    region: str, env: dict[str, str]
) -> None:
    found = {service: endpoint_of(service, region, env) for service in ("dynamodb", "events")}

    assert {service: [url(each, each.path)] for service, each in found.items()} == {
        "dynamodb": urls_of_botocore("dynamodb", region, env, ("list_tables", {})),
        "events": urls_of_botocore("events", region, env, ("list_event_buses", {})),
    }


@pytest.mark.parametrize(
    ("region", "env"), [*EVERYWHERE, *(("us-east-1", env) for env in SETTINGS)], ids=str
)
def test_objects_are_where_botocore_finds_them(region: str, env: dict[str, str]) -> None:
    objects = [
        {"Bucket": bucket, "Key": key}
        for bucket in ("uploads-prod", "with.dots", "ab1")
        for key in ("a.csv", "a b/ü+%.csv", "../x//y", "~(a)*'!", "/a", "a/")
    ]
    ours = s3(region, env)

    assert [url(*ours.place(each["Bucket"], each["Key"])) for each in objects] == urls_of_botocore(
        "s3", region, env, *(("get_object", each) for each in objects)
    )


def test_a_configured_endpoint_is_not_quietly_used_where_fips_is_asked_for() -> None:
    with pytest.raises(ValueError, match="FIPS"):
        endpoint_of("dynamodb", "us-east-1", {**FIPS, **LOCAL})


@pytest.mark.parametrize("text", ["", "localhost:4566", "ftp://localhost", "https://"])
def test_what_is_no_url_of_a_server_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="endpoint"):
        Endpoint.of(text)


def test_each_connection_begins_with_another_address_and_names_are_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def found(*name: object, **_: object) -> list[object]:
        asked.append(name)
        return [(2, 1, 6, "", (f"10.0.0.{n}", 80)) for n in range(3)]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    now_s = iter([0.0, 1.0, 2.0, 4.9, 5.0])
    addresses = Addresses(Endpoint.of("http://example.com"), lambda: next(now_s))
    firsts = [addresses()[0][1][0] for _ in range(4)]

    assert len(set(firsts)) == 3
    assert firsts[0] == firsts[3]
    assert asked == [("example.com", 80)]
    addresses()
    assert len(asked) == 2


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert configured_url("s3", {"AWS_ENDPOINT_URL_S3": "", **LOCAL}) == LOCAL["AWS_ENDPOINT_URL"]
