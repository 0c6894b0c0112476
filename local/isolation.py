"""What keeps us from ever reaching AWS: fixed fake credentials and one loopback endpoint."""

import ipaddress
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from local.errors import LocalCloudError

ACCOUNT = "000000000000"
REGIONS = ("us-east-1", "us-west-2")
# AWS never issues such a key, so a request that went astray would be refused. The emulator takes an
# account id as the key of that account's root user; functions get keys of their roles.
ACCESS_KEY_ID = ACCOUNT
SECRET_ACCESS_KEY = "the-local-cloud-has-no-secrets"  # noqa: S105  # not a secret, see above

KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TERM", "TZ")


def client_variables(endpoint: str, ca_bundle: Path) -> dict[str, str]:
    """Variables that point ``aws``, boto3 and the CDK CLI at the local cloud and nothing else."""
    require_loopback(endpoint)
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "AWS_REGION": REGIONS[0],
        "AWS_DEFAULT_REGION": REGIONS[0],
        "AWS_CA_BUNDLE": str(ca_bundle),
        "NODE_EXTRA_CA_CERTS": str(ca_bundle),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Where both are set, the lower-case one counts.
        **dict.fromkeys(("NO_PROXY", "no_proxy"), "localhost,127.0.0.1"),
    }


def isolated(environ: Mapping[str, str], *, home: Path, temporary: Path) -> dict[str, str]:
    """The few harmless variables of ``environ``: no credentials, profile, proxy or settings."""
    kept = {name: environ[name] for name in KEPT if name in environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(temporary)}


def without_aws(environ: Mapping[str, str]) -> dict[str, str]:
    """``environ`` without anything that names or opens an AWS account."""
    return {name: value for name, value in environ.items() if not name.startswith("AWS_")}


def require_loopback(endpoint: str) -> None:
    """Raise ``LocalCloudError`` unless ``endpoint`` is HTTPS on this machine's own addresses."""
    url = urlsplit(endpoint)
    if url.scheme != "https" or not url.hostname or not url.port:
        raise LocalCloudError(f"{endpoint!r} is not an https://host:port endpoint")
    for address in _addresses(url.hostname, url.port):
        if not ipaddress.ip_address(address).is_loopback:
            raise LocalCloudError(
                f"{endpoint!r} is at {address}, which is not this machine: refused"
            )


def _addresses(host: str, port: int) -> set[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise LocalCloudError(f"host {host!r} can't be resolved: {error}") from error
    return {str(address[0]) for *_, address in found}
