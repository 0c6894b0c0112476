"""The local cloud's own TLS certificate: S3 and SQS policies rightly refuse plain HTTP."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import trustme

import naming

LIFETIME = dt.timedelta(days=365)
LOOPBACK_NAMES = ("localhost", "*.localhost", "127.0.0.1")
# Where a function is told that AWS is here, it calls AWS by these.
AWS_NAMES = tuple(
    f"*.{service}{region}.amazonaws.com" for region in naming.REGIONS for service in ("", "s3.")
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of a certificate in ``folder``."""

    folder: Path

    @property
    def authority(self) -> Path:
        """CA bundle for clients; the authority's private key is never written."""
        return self.folder / "authority.pem"

    @property
    def server(self) -> Path:
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's private key, readable by its owner only."""
        return self.folder / "server.key"


def issue(folder: Path) -> Certificate:
    """Write a new authority, and a certificate that it issues, to ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    certificate = Certificate(folder)
    authority = trustme.CA(path_length=0)
    server = authority.issue_cert(
        *LOOPBACK_NAMES, *AWS_NAMES, not_after=dt.datetime.now(dt.UTC) + LIFETIME
    )
    authority.cert_pem.write_to_path(certificate.authority)
    [server_pem] = server.cert_chain_pems
    server_pem.write_to_path(certificate.server)
    certificate.key.touch(mode=0o600)
    server.private_key_pem.write_to_path(certificate.key)
    return certificate
