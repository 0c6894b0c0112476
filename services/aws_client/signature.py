"""AWS Signature Version 4.

What the requests of one second have in common is hashed once: a ``Signature`` is prepared for
everything but the payload, and signing a payload then costs three short hashes.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from services.aws_client.credentials import Credentials

_BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))


class Scope(NamedTuple):
    """The service and region that a signature is for."""

    region: str
    service: str


class Signature:
    """The signatures of all requests that differ in nothing but their payload."""

    __slots__ = ("_canonical", "_inner", "_outer", "authorization")

    def __init__(
        self, scope: Scope, credentials: Credentials, canonical: str, signed: str, amz_date: str
    ) -> None:
        """Prepare for a canonical request that lacks its last line, the payload's hash."""
        date = amz_date[:8]
        scoped = f"{date}/{scope.region}/{scope.service}/aws4_request"
        key = f"AWS4{credentials.secret_key}".encode()
        for part in (date, scope.region, scope.service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        # HMAC, its two hashes begun: the key has 32 bytes, fewer than a block.
        padded = key.ljust(_BLOCK_BYTES, b"\0")
        to_sign = f"AWS4-HMAC-SHA256\n{amz_date}\n{scoped}\n"
        self._inner = hashlib.sha256(padded.translate(_INNER) + to_sign.encode())
        self._outer = hashlib.sha256(padded.translate(_OUTER))
        self._canonical = hashlib.sha256(canonical.encode())
        self.authorization = (
            f"AWS4-HMAC-SHA256 Credential={credentials.access_key}/{scoped}, "
            f"SignedHeaders={signed}, Signature="
        )

    def of(self, payload_sha256: str) -> str:
        """Return the signature of the request whose payload has this hash."""
        canonical = self._canonical.copy()
        canonical.update(payload_sha256.encode())
        inner = self._inner.copy()
        inner.update(canonical.hexdigest().encode())
        outer = self._outer.copy()
        outer.update(inner.digest())
        return outer.hexdigest()


def prepare(
    scope: Scope,
    credentials: Credentials,
    *,
    method: str,
    path: str,
    query: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str],
    now_s: float,
) -> tuple[dict[str, str], Signature]:
    """Return the headers that the request must have beside ``Authorization``, and its signature.

    ``path`` is quoted as it is sent; S3 wants it signed as it is, any other service normalised and
    quoted once more. ``query`` has what is sent, before quoting.
    """
    amz_date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now_s))
    sent = {**headers, "x-amz-date": amz_date}
    if credentials.token:
        sent["x-amz-security-token"] = credentials.token
    values = {name.lower(): " ".join(value.split()) for name, value in sent.items()}
    names = sorted(values)
    signed = ";".join(names)
    lines = (
        method,
        path if scope.service == "s3" else quote(normalised(path), safe="/~"),
        quoted_query(query),
        *(f"{name}:{values[name]}" for name in names),
        "",
        signed,
        "",
    )
    return sent, Signature(scope, credentials, "\n".join(lines), signed, amz_date)


def quoted_query(query: Iterable[tuple[str, str]]) -> str:
    """Return a query as it is sent and signed: quoted, then sorted."""
    pairs = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in query)
    return "&".join(f"{name}={value}" for name, value in pairs)


def normalised(path: str) -> str:
    """Return a path without empty and dot segments."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    inside = "/".join(kept)
    if not inside:
        return "/"
    return re.sub(r"/+", "/", f"/{inside}/") if path.endswith("/") else f"/{inside}"
