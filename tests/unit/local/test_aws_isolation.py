from pathlib import Path

import pytest

from local import aws_isolation
from local.errors import LocalCloudError

CA = Path("/state/run/tls/authority.pem")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://8.8.8.8:443",
        "https://10.0.0.1:4566",
        "https://0.0.0.0:4566",
        "https://169.254.169.254:80",
        "http://127.0.0.1:4566",
        "https://127.0.0.1",
        "https://127.0.0.1@8.8.8.8:443",
        "127.0.0.1:4566",
        "",
    ],
)
def test_an_endpoint_that_is_not_https_on_this_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(LocalCloudError):
        aws_isolation.require_loopback(endpoint)


def test_a_name_that_resolves_nowhere_is_refused() -> None:
    with pytest.raises(LocalCloudError, match=r"no-such-host\.invalid"):
        aws_isolation.require_loopback("https://no-such-host.invalid:443")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1.2.3", "[::1]"])
def test_a_loopback_endpoint_is_accepted(host: str) -> None:
    aws_isolation.require_loopback(f"https://{host}:4566")


def test_no_variable_of_the_caller_that_could_open_an_account_is_passed_on() -> None:
    environ = {
        "PATH": "/bin",
        "HOME": "/home/me",
        "AWS_PROFILE": "prod",
        "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
        "HTTPS_PROXY": "http://proxy:3128",
        "CDK_DEFAULT_ACCOUNT": "111111111111",
        "LANG": "C.UTF-8",
    }

    child = aws_isolation.isolated(environ, home=Path("/run/home"), temporary=Path("/run/tmp"))

    assert child == {
        "PATH": "/bin",
        "LANG": "C.UTF-8",
        "HOME": "/run/home",
        "TMPDIR": "/run/tmp",
    }


def test_synthesis_sees_the_callers_environment_without_aws() -> None:
    environ = {"UV_CACHE_DIR": "/cache", "AWS_PROFILE": "prod", "AWS_ACCESS_KEY_ID": "AKIA"}

    assert aws_isolation.without_aws(environ) == {"UV_CACHE_DIR": "/cache"}


def test_clients_get_fake_credentials_and_no_configuration_files() -> None:
    variables = aws_isolation.client_variables("https://127.0.0.1:4566", CA)

    assert variables["AWS_ENDPOINT_URL"] == "https://127.0.0.1:4566"
    assert variables["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert variables["AWS_CONFIG_FILE"] == "/dev/null"
    assert variables["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"
    assert variables["AWS_EC2_METADATA_DISABLED"] == "true"
    assert variables["AWS_CA_BUNDLE"] == variables["NODE_EXTRA_CA_CERTS"] == str(CA)


def test_a_build_asks_the_local_cloud_and_reaches_package_registries() -> None:
    variables = aws_isolation.build_variables("https://127.0.0.1:4566", CA)

    assert variables["AWS_ENDPOINT_URL"] == "https://127.0.0.1:4566"
    assert not {name for name in variables if "PROXY" in name.upper()}


def test_no_variables_are_made_for_an_endpoint_elsewhere() -> None:
    with pytest.raises(LocalCloudError):
        aws_isolation.client_variables("https://dynamodb.us-east-1.amazonaws.com:443", CA)
