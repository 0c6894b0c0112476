"""Isolation of the local cloud from AWS: fake credentials and a loopback endpoint."""

import ipaddress
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import naming
from local.errors import LocalCloudError
from machine.faults import CUT_OFF

LOOPBACK = "127.0.0.1"
ACCOUNT = "000000000000"
# AWS never issues such a key, so it would refuse a stray request. The emulator takes an account id
# as the key of that account's root user; functions get keys of their roles.
ACCESS_KEY_ID = ACCOUNT
SECRET_ACCESS_KEY = "the-local-cloud-has-no-secrets"  # noqa: S105  # not a secret, see above

# Nothing listens on the port, and the name says so in a client's error message.
NOWHERE = f"http://{CUT_OFF}.localhost:9"

# A client that does not know the endpoint, or ignores it, gets no further than this. Where both
# are set, the lower-case one counts.
TO_NOWHERE_ELSE = {
    **dict.fromkeys(("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"), NOWHERE),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), f"localhost,{LOOPBACK},::1"),
    "NODE_USE_ENV_PROXY": "1",
}

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ")


def client_variables(endpoint: str, ca_bundle: Path) -> dict[str, str]:
    """Return variables that point ``aws``, boto3 and the CDK CLI at the local cloud only.

    Raises:
        LocalCloudError: ``endpoint`` is not on this machine.

    """
    require_loopback(endpoint)
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": naming.PRIMARY,
        "AWS_DEFAULT_REGION": naming.PRIMARY,
        "AWS_CA_BUNDLE": str(ca_bundle),
        "NODE_EXTRA_CA_CERTS": str(ca_bundle),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # For these, SDKs ignore the endpoint, and keep to the proxies of the one they were given.
        "AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS": "true",
        **TO_NOWHERE_ELSE,
    }


def build_variables(endpoint: str, ca_bundle: Path) -> dict[str, str]:
    """Return :func:`client_variables` for a build, which installs packages and so needs a network.

    Raises:
        LocalCloudError: ``endpoint`` is not on this machine.

    """
    given = client_variables(endpoint, ca_bundle)
    return {name: value for name, value in given.items() if name not in TO_NOWHERE_ELSE}


def isolated(environ: Mapping[str, str], *, home: Path, temporary: Path) -> dict[str, str]:
    """Return the harmless variables of ``environ``: no credentials, profile, proxy or settings."""
    kept = {name: environ[name] for name in KEPT if name in environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(temporary)}


def without_aws(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``environ`` without variables that name or open an AWS account."""
    return {name: value for name, value in environ.items() if not name.startswith("AWS_")}


def loopback_socket() -> socket.socket:
    """Return a socket bound to a free port of the loopback address, for a child to listen on.

    The port stays taken all the time, so no other process can grab it before the child listens.
    """
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((LOOPBACK, 0))
    return bound


def require_loopback(endpoint: str) -> None:
    """Raise ``LocalCloudError`` unless ``endpoint`` is HTTPS on this machine's own addresses."""
    url = urlsplit(endpoint)
    if url.scheme != "https" or not url.hostname or not url.port:
        raise LocalCloudError(f"{endpoint!r} is not an https://host:port endpoint")
    for address in _addresses(url.hostname, url.port):
        if not ipaddress.ip_address(address).is_loopback:
            raise LocalCloudError(
                f"{endpoint!r} is refused: it is at {address}, which is not this machine"
            )


def _addresses(host: str, port: int) -> set[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise LocalCloudError(f"host {host!r} can't be resolved: {error}") from error
    return {str(address[0]) for *_, address in found}
