"""Credentials come from where Lambda puts them, and are renewed in time."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.utils import ContainerMetadataFetcher

from services.aws_client.container_credentials import (
    ContainerCredentials,
    credential_source,
)
from services.aws_client.credentials import EnvironmentCredentials
from services.aws_client.errors import CredentialsError
from tests.unit.aws_client.fakes import CREDENTIALS, KEYS
from tests.unit.aws_client.server import CLOSE, Reply, Request, Server, answer, ca_bundle

NOW_S = 1_790_000_000.0
HOUR_S = 3600.0
FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"


def given(access_key: str, end_s: float) -> bytes:
    end = dt.datetime.fromtimestamp(end_s, dt.UTC)
    found = {
        "AccessKeyId": access_key,
        "SecretAccessKey": "s",
        "Token": "t",
        "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return answer(json.dumps(found).encode())


def numbered(lasting_s: float) -> Callable[[Request], bytes]:
    """Give K0, K1 and so on, one for each time it is asked."""
    return lambda request: given(f"K{request.connection}", NOW_S + lasting_s)


def from_server(server: Server, **more: str) -> ContainerCredentials:
    env = {FULL_URI: f"{server.url}/creds?id=1", "AWS_CA_BUNDLE": str(ca_bundle()), **more}
    source = credential_source(env)
    assert isinstance(source, ContainerCredentials)
    return source


def keys(source: ContainerCredentials, *after_s: float) -> list[str]:
    return [source.current(NOW_S + each).access_key for each in after_s]


def test_the_environment_has_them() -> None:
    assert credential_source(KEYS).current(NOW_S) == CREDENTIALS


def test_refused_ones_are_read_from_the_environment_again() -> None:
    env = dict(KEYS)
    source = EnvironmentCredentials(env)
    first = source.current(NOW_S)
    env["AWS_SESSION_TOKEN"] = "newer"

    assert source.current(NOW_S) is first
    source.renew(first)
    assert source.current(NOW_S).token == "newer"


def test_the_environment_comes_before_a_server() -> None:
    source = credential_source({**KEYS, FULL_URI: "http://localhost:1/"})

    assert source.current(NOW_S) == CREDENTIALS


def test_without_any_the_error_says_what_was_looked_for() -> None:
    with pytest.raises(CredentialsError, match=f"AWS_ACCESS_KEY_ID.*{FULL_URI}"):
        credential_source({})


def test_half_of_them_are_none() -> None:
    source = credential_source({"AWS_ACCESS_KEY_ID": "A"})

    with pytest.raises(CredentialsError, match="AWS_SECRET_ACCESS_KEY"):
        source.current(NOW_S)


@pytest.mark.parametrize("tls", [True, False])
def test_a_server_gives_them(*, tls: bool) -> None:
    with Server(numbered(HOUR_S), tls=tls) as server:
        found = from_server(server).current(NOW_S)

    assert (found.access_key, found.secret_key, found.token) == ("K0", "s", "t")
    assert found.expires_at_s == NOW_S + HOUR_S
    [request] = server.requests
    assert request.target == "/creds?id=1"
    assert "authorization" not in request.headers


def test_the_server_is_asked_again_ten_minutes_before_they_expire() -> None:
    with Server(numbered(HOUR_S)) as server:
        found = keys(from_server(server), 0, 0, HOUR_S - 601, HOUR_S - 599)

    assert found == ["K0", "K0", "K0", "K1"]


def test_a_server_whose_credentials_are_about_to_expire_is_asked_once_a_minute() -> None:
    with Server(numbered(300)) as server:
        found = keys(from_server(server), 0, 1, 59, 61, 62)

    assert found == ["K0", "K0", "K0", "K1", "K1"]


def test_refused_ones_are_asked_for_again_once() -> None:
    with Server(numbered(HOUR_S)) as server:
        source = from_server(server)
        refused = source.current(NOW_S)
        source.renew(refused)
        renewed = source.current(NOW_S)
        source.renew(refused)

        assert source.current(NOW_S) is renewed
    assert renewed.access_key == "K1"


def test_valid_ones_stay_in_use_while_the_server_gives_no_others() -> None:
    with Server(numbered(HOUR_S)) as server:
        source = from_server(server)
        source.current(NOW_S)

    assert keys(source, HOUR_S - 1) == ["K0"]
    with pytest.raises(CredentialsError, match="localhost"):
        source.current(NOW_S + HOUR_S)


def test_a_server_may_fail_twice() -> None:
    replies: list[Reply] = [[CLOSE], answer(b"busy", "503 Busy"), given("K", NOW_S + HOUR_S)]
    with Server(lambda _: replies.pop(0), tls=False) as server:
        assert from_server(server).current(NOW_S).access_key == "K"


@pytest.mark.parametrize(
    "reply",
    [
        answer(b"denied", "403 Forbidden"),
        answer(b"<html>"),
        answer(b"[]"),
        answer(b'{"AccessKeyId": "A"}'),
        answer(b'{"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"soon"}'),
    ],
)
def test_a_server_that_gives_none_is_an_error(reply: bytes) -> None:
    with (
        Server(lambda _: reply, tls=False) as server,
        pytest.raises(CredentialsError, match="no credentials"),
    ):
        from_server(server).current(NOW_S)


def test_the_server_gets_the_authorization_of_the_file_as_it_is_now(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("first")
    with Server(numbered(0), tls=False) as server:
        source = from_server(
            server,
            AWS_CONTAINER_AUTHORIZATION_TOKEN="not this",
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(file),
        )
        source.current(NOW_S)
        file.write_text("second")
        source.current(NOW_S)

    assert [each.headers["authorization"] for each in server.requests] == ["first", "second"]


def test_the_server_gets_the_authorization_of_the_environment() -> None:
    with Server(numbered(0), tls=False) as server:
        from_server(server, AWS_CONTAINER_AUTHORIZATION_TOKEN="Basic x").current(NOW_S)

    assert server.requests[0].headers["authorization"] == "Basic x"


@pytest.mark.parametrize("token", ["a\nb", "a\r\nX-Other: b"])
def test_an_authorization_of_several_lines_is_not_sent(token: str) -> None:
    with Server(numbered(0), tls=False) as server:
        source = from_server(server, AWS_CONTAINER_AUTHORIZATION_TOKEN=token)
        with pytest.raises(CredentialsError, match="several lines"):
            source.current(NOW_S)

    assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://169.254.170.2/a", "http://169.254.170.23/", "http://[fd00:ec2::23]/"),
        *("http://127.0.0.1:1/", "http://127.9.9.9/", "http://[::1]/", "http://localhost/"),
        *("http://LOCALHOST/", "http://169.254.169.254/", "http://example.com/"),
        *("http://localhost.example.com/", "http://10.0.0.1/", "https://example.com/"),
        "http://127.0.0.1.example.com/",
    ],
)
def test_only_those_hosts_are_asked_without_encryption_that_botocore_asks(url: str) -> None:
    def is_asked(ask: Callable[[], object], refusal: type[Exception]) -> bool:
        try:
            ask()
        except refusal:
            return False
        return True

    allowed_by_botocore = ContainerMetadataFetcher()._validate_allowed_url  # noqa: SLF001

    ours = is_asked(lambda: credential_source({FULL_URI: url}), CredentialsError)

    assert ours == is_asked(lambda: allowed_by_botocore(url), ValueError)


@pytest.mark.parametrize("url", ["", "creds", "ftp://localhost/", "http://"])
def test_what_is_no_url_names_no_server(url: str) -> None:
    with pytest.raises(CredentialsError, match="no credentials"):
        credential_source({FULL_URI: url})


def test_a_path_alone_is_one_of_the_containers_own_server() -> None:
    source = credential_source({"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/x?id=1"})

    assert isinstance(source, ContainerCredentials)
    assert source.url == "http://169.254.170.2/v2/x?id=1"
