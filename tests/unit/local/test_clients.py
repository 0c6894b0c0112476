from pathlib import Path

import pytest

from local.clients import Clients, LocalSession
from local.errors import LocalCloudError

ENDPOINT = "https://127.0.0.1:4566"


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text("[default]\nregion = eu-west-1\nendpoint_url = https://example.org\n")
    monkeypatch.setenv("AWS_PROFILE", "one-that-has-gone")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALREALREALREAL")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.org")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "https://s3.amazonaws.com")


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("service", ["s3", "dynamodb", "s3control", "sts"])
def test_a_client_goes_to_the_local_cloud_whatever_the_callers_environment_says(
    service: str,
) -> None:
    client = LocalSession("us-west-2", ENDPOINT, Path("/ca.pem")).client(service)

    assert client.meta.endpoint_url == ENDPOINT
    assert client.meta.region_name == "us-west-2"


@pytest.mark.usefixtures("hostile")
def test_a_session_has_the_fake_credentials_whatever_the_callers_environment_says() -> None:
    credentials = LocalSession("us-east-1", ENDPOINT, Path("/ca.pem")).get_credentials()

    assert credentials.access_key == "000000000000"
    assert credentials.token is None


def test_an_endpoint_asked_for_by_the_caller_is_not_used() -> None:
    session = LocalSession("us-east-1", ENDPOINT, Path("/ca.pem"))

    client = session.client("s3", endpoint_url="https://s3.amazonaws.com")

    assert client.meta.endpoint_url == ENDPOINT


def test_clients_of_an_endpoint_elsewhere_are_refused_before_any_call() -> None:
    with pytest.raises(LocalCloudError, match="refused"):
        Clients("https://8.8.8.8:443", Path("/ca.pem"))
