"""A server is believed if an authority that the environment names says who it is."""

import datetime as dt
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from services.aws_client.answer import Answer
from services.aws_client.endpoint import Endpoint
from services.aws_client.errors import AwsClientError, CertificateError
from services.aws_client.tls import trusting
from services.aws_client.transport import Transport
from tests.unit.aws_client.server import Server, answer, authority, ca_bundle, client_context

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def outcome(url: str, context: ssl.SSLContext) -> Answer | AwsClientError:
    found: list[Answer | AwsClientError] = []
    made = Transport(Endpoint.of(url), context)
    made.send(GET, found.append)
    while not found:
        made.poll(5)
    made.close()
    return found[0]


def file(_: Path) -> str:
    return str(ca_bundle())


def folder(place: Path) -> str:
    (place / "ca.pem").write_bytes(ca_bundle().read_bytes())
    try:
        subprocess.run(["openssl", "rehash", place], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"only a folder that openssl has indexed is read: {error}")
    return str(place)


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("bundle", [file, folder])
def test_authorities_are_those_of_the_environment(
    variable: str, bundle: Callable[[Path], str], tmp_path: Path
) -> None:
    with Server(lambda _: answer()) as server:
        assert isinstance(outcome(server.url, trusting({variable: bundle(tmp_path)})), Answer)


def test_the_variable_of_aws_comes_first() -> None:
    with Server(lambda _: answer()) as server:
        env = {"AWS_CA_BUNDLE": str(ca_bundle()), "REQUESTS_CA_BUNDLE": "/nowhere"}

        assert isinstance(outcome(server.url, trusting(env)), Answer)


def test_a_bundle_that_is_not_there_is_an_error_at_once() -> None:
    with pytest.raises(OSError, match="No such file"):
        trusting({"AWS_CA_BUNDLE": "/nowhere/ca.pem"})


def test_equal_settings_share_what_was_read() -> None:
    assert trusting({"AWS_CA_BUNDLE": ""}) is trusting({"OTHER": "x"})


def test_certificates_and_names_are_always_verified_and_old_protocols_not_spoken() -> None:
    context = trusting({})

    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def configured(context: ssl.SSLContext) -> dict[str, object]:
    """All that a context says of itself: its options, versions, ciphers, and authorities."""
    properties = [name for name in dir(context) if not name.startswith("_")]
    values = {name: getattr(context, name) for name in properties}
    listed = {"ciphers": context.get_ciphers(), "authorities": context.get_ca_certs()}
    return {name: value for name, value in values.items() if not callable(value)} | listed


@pytest.mark.parametrize(
    ("bundle", "default"),
    [
        (lambda _: "", lambda _: ssl.create_default_context()),
        (file, lambda bundle: ssl.create_default_context(cafile=bundle)),
        (str, lambda bundle: ssl.create_default_context(capath=bundle)),
    ],
    ids=["system", "file", "folder"],
)
def test_all_else_is_as_python_would_have_it(
    bundle: Callable[[Path], str], default: Callable[[str], ssl.SSLContext], tmp_path: Path
) -> None:
    place = bundle(tmp_path)
    expected = default(place)
    expected.minimum_version = ssl.TLSVersion.TLSv1_2

    assert configured(trusting({"AWS_CA_BUNDLE": place})) == configured(expected)


def serving(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def expired() -> trustme.LeafCert:
    return authority().issue_cert("localhost", not_after=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("certificate", "why"),
    [
        (lambda: trustme.CA().issue_cert("localhost"), "issuer"),
        (expired, "expired"),
        (lambda: authority().issue_cert("elsewhere.example"), "localhost"),
        (lambda: authority().issue_cert("127.0.0.1"), "localhost"),
    ],
)
def test_a_wrong_certificate_is_refused_for_good_and_named_with_the_reason(
    certificate: Callable[[], trustme.LeafCert], why: str
) -> None:
    with Server(lambda _: answer(), context=serving(certificate())) as server:
        error = outcome(server.url, client_context())

    assert isinstance(error, CertificateError)
    assert not error.is_transient
    assert "localhost" in str(error)
    assert why in str(error)
    assert server.requests == []
    assert server.connections == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # that is the point
def test_a_protocol_that_is_too_old_is_not_spoken() -> None:
    context = serving(authority().issue_cert("localhost"))
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with Server(lambda _: answer(), context=context) as server:
        error = outcome(server.url, client_context())

    assert isinstance(error, AwsClientError)
    assert server.requests == []
