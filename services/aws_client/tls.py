"""What makes a server trustworthy."""

import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path


def trusting(env: Mapping[str, str]) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name and speaks TLS 1.2 or newer.

    Authorities are those of ``AWS_CA_BUNDLE`` or ``REQUESTS_CA_BUNDLE``, a file or a folder, else
    the system's. Equal settings share one context, as reading authorities takes milliseconds.

    Raises ``OSError`` when the bundle can't be read.
    """
    return _context(env.get("AWS_CA_BUNDLE") or env.get("REQUESTS_CA_BUNDLE") or None)


@cache
def _context(bundle: str | None) -> ssl.SSLContext:
    if bundle is None:
        context = ssl.create_default_context()
    elif Path(bundle).is_dir():
        context = ssl.create_default_context(capath=bundle)
    else:
        context = ssl.create_default_context(cafile=bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
