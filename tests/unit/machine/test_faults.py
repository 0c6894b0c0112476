"""Messages as pip, uv, npm, venv and the operating system word them."""

import errno
import os

import pytest

from machine import faults

FULL = "is full"
READ_ONLY = "can only be read"
OTHERS = "belongs to another user"
TLS = "NODE_EXTRA_CA_CERTS"
UNREACHABLE = "index cannot be reached"
PROXY = "correct HTTPS_PROXY"
REFUSED = "refuses the request"
MISSING = "no such package"
CHANGED = "what the lock file says"
PIP_BROKEN = "WARNING: Retrying (Retry(total=0)) after connection broken by "
PIP_END = "\nERROR: No matching distribution found for uv==0.13.9"
UV_CONNECT = "error: Request failed after 3 retries in 8.3s\n  cause: client error (Connect)\n"
NPM_FETCH = "npm error request to https://localhost/tslib failed, reason: "


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("No space left on device (os error 28)", FULL),
        ("npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write", FULL),
        ("OSError: [Errno 122] Disk quota exceeded: '/home/me/x'", FULL),
        ("failed to create directory `u`: Read-only file system (os error 30)", READ_ONLY),
        ("Error: [Errno 13] Permission denied: '/srv/x'", OTHERS),
        ("npm error code EACCES", OTHERS),
        (f"{PIP_BROKEN}SSLError('[SSL: CERTIFICATE_VERIFY_FAILED] …'){PIP_END}", TLS),
        (f"Could not fetch URL x: problem confirming the ssl certificate: x{PIP_END}", TLS),
        (f"{UV_CONNECT}  cause: invalid peer certificate: UnknownIssuer", TLS),
        (f"{NPM_FETCH}unable to verify the first certificate", TLS),
        ("npm error code SELF_SIGNED_CERT_IN_CHAIN", TLS),
        (
            f"{PIP_BROKEN}NewConnectionError('…: [Errno -2] Name or service not known'){PIP_END}",
            UNREACHABLE,
        ),
        (f"{UV_CONNECT}  cause: dns error", UNREACHABLE),
        (f"{NPM_FETCH}getaddrinfo ENOTFOUND example.invalid", UNREACHABLE),
        ("error: Failed to fetch: `x`\n  cause: operation timed out", UNREACHABLE),
        (
            f"{PIP_BROKEN}ProxyError('Cannot connect to proxy.', NewConnectionError('…'){PIP_END}",
            PROXY,
        ),
        (f"{UV_CONNECT}  cause: tunnel error: failed to create underlying connection", PROXY),
        ("OSError('Tunnel connection failed: 407 Proxy Authentication Required')", "name:password"),
        (f"Could not fetch URL x: 403 Client Error: Forbidden for url: x{PIP_END}", REFUSED),
        ("hint: An index (x) returned a 403 Forbidden error.", REFUSED),
        ("npm error code E401", REFUSED),
        (PIP_END, MISSING),
        ("  cause: Because uv was not found in the package registry and you require", MISSING),
        ("npm error code E404", MISSING),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", CHANGED),
        ("npm error code EINTEGRITY", CHANGED),
        ("created successfully because ensurepip is not available.", "apt install python3-venv"),
        ("/usr/bin/python3: No module named venv", "apt install python3-venv"),
        (
            (
                "Error: Command '['/.venv/bin/python3.14', '-m', 'ensurepip', '--upgrade', "
                "'--default-pip']' returned non-zero exit status 1."
            ),
            "apt install python3-venv",
        ),
        ("OSError: [Errno 24] Too many open files", "ulimit -n"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'git'", "install it"),
        ("[Errno 98] Address already in use", "name another one"),
        ("FileNotFoundError: [Errno 2] No usable temporary directory found in ['/tmp']", "TMPDIR"),
        ("FATAL ERROR: Reached heap limit: JavaScript heap out of memory", "memory"),
        (f"Cannot connect to proxy http://{faults.CUT_OFF}.localhost:9", "open another shell"),
    ],
)
def test_a_fault_is_known_by_its_words_and_has_a_remedy(said: str, expected: str) -> None:
    assert expected in faults.explain(said)


def test_what_is_not_known_is_not_explained() -> None:
    assert faults.explain("error: unexpected argument '--fast' found") == ""


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, FULL),
        (errno.EDQUOT, FULL),
        (errno.EFBIG, FULL),
        (errno.EROFS, READ_ONLY),
        (errno.EACCES, OTHERS),
        (errno.EPERM, OTHERS),
        (errno.EADDRINUSE, "another program"),
        (errno.EMFILE, "ulimit -n"),
        (errno.ENOMEM, "memory"),
        (errno.ENAMETOOLONG, "shorter path"),
    ],
)
def test_an_error_of_the_system_is_one_line_with_what_it_is_about_and_a_remedy(
    number: int, expected: str
) -> None:
    error = OSError(number, os.strerror(number), "/srv/project/build")

    described = faults.describe(error)

    assert "/srv/project/build" in described
    assert expected in described
    assert "\n" not in described
    assert "Errno" not in described
