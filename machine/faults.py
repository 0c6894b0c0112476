"""Faults of the machine that a command runs on, known by the words of whoever met them.

Each tool reports a full disk or an untrusted proxy in sentences of its own, but all of them quote
the operating system, the TLS library or the status of an answer. These words are looked for, in an
error or in what a tool has printed. Only the standard library is imported: set-up uses this before
anything is installed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

# More of a line is not read; Python tells of a folder that cannot be copied in one line.
LINE_LENGTH = 300
# In the proxy's name that clients get in the shell of ``make env``, so that their errors name it.
CUT_OFF = "aws-is-out-of-reach"


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of fault: the words that give it away, what it is, and what to do about it."""

    words: str
    cause: str
    remedy: str

    def is_in(self, text: str) -> bool:
        """Return whether ``text`` tells of this fault."""
        return re.search(self.words, text) is not None


# The first one that fits counts: what comes first is what makes others appear as well.
MACHINE = (
    Fault(
        r"ENOSPC|No space left on device|EDQUOT|quota exceeded|EFBIG|File too large",
        "the disk, or the quota on it, is full",
        "free some space (df -h shows where there is none)",
    ),
    Fault(
        r"EROFS|Read-only file system",
        "the folder is on a file system that can only be read",
        "copy or clone the repository to a place that you may write to",
    ),
    Fault(
        r"EACCES|EPERM|Permission denied|Operation not permitted",
        "the file or folder belongs to another user, or its file system runs no programs",
        "run this as its owner, or give it to yourself: sudo chown -R $USER and its path",
    ),
    Fault(
        r"EADDRINUSE|Address already in use",
        "another program has the port",
        "name another one, or none to get a free one",
    ),
    Fault(
        r"EMFILE|ENFILE|Too many open files",
        "this shell may not open more files",
        "raise the limit: ulimit -n 4096",
    ),
    Fault(
        r"ENOMEM|Cannot allocate memory|MemoryError|heap out of memory|\bKilled\b",
        "memory has run out",
        "end other programs; 4 GB are enough",
    ),
    Fault(
        r"No such file or directory: '(git|make|bash)'",
        "a program is missing",
        "install it: Python, git, make and bash are all that is needed",
    ),
    Fault(
        r"No usable temporary directory",
        "there is no folder for temporary files that can be written to",
        "make some space in /tmp, or export TMPDIR with another folder",
    ),
    Fault(
        r"ENAMETOOLONG|File name too long|path too long",
        "the path of this folder is too long",
        "move the repository to a folder with a shorter path",
    ),
)
# What only set-up can meet: on the local cloud, the same words mean something else.
SET_UP = (
    Fault(
        CUT_OFF,
        "this shell is the one of make env, which reaches the local cloud and nothing else",
        "open another shell",
    ),
    Fault(
        r"ensurepip is not available|No module named '?(ensurepip|venv)\b|python3[\d.]*-venv"
        r"|'ensurepip', '--upgrade'",
        "this Python comes without venv or ensurepip",
        "install them (on Debian and Ubuntu: apt install python3-venv), or name another Python: "
        "make setup PYTHON=/path/to/python3",
    ),
    Fault(
        r"CERTIFICATE_VERIFY_FAILED|confirming the ssl certificate|invalid peer certificate"
        r"|UnknownIssuer|SELF_SIGNED_CERT|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF)|CERT_(UNTRUSTED|HAS_EXPIRED)"
        r"|[Ss]elf[- ]signed certificate|verify the first certificate",
        "the TLS certificate of the package index, or of a proxy in between, is not trusted",
        "get your company's CA certificates as a PEM file and export PIP_CERT, SSL_CERT_FILE (uv) "
        "and NODE_EXTRA_CA_CERTS (npm) with its path; if the system trusts them already, "
        "UV_SYSTEM_CERTS=true and NODE_USE_SYSTEM_CA=1 do for uv and npm",
    ),
    Fault(
        r"\b407\b|[Pp]roxy [Aa]uthentication",
        "the proxy asks for a name and a password",
        "export HTTPS_PROXY=http://name:password@host:port",
    ),
    Fault(
        r"\b40[13] (Client Error|Unauthorized|Forbidden)|\bE40[13]\b"
        r"|returned a 40[13]|status code 40[13]",
        "the package index refuses the request",
        "if your company has an index of its own, export PIP_INDEX_URL, UV_DEFAULT_INDEX and "
        "npm_config_registry with its addresses and credentials",
    ),
    Fault(
        r"Cannot connect to proxy|tunnel error|Tunnel connection failed|ProxyError",
        "the proxy cannot be reached, or does not let the request through",
        "correct HTTPS_PROXY, or unset it if there is none; NO_PROXY names what needs no proxy",
    ),
    Fault(
        r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT"
        r"|NewConnectionError|ConnectTimeoutError|ReadTimeoutError|dns error|error sending request"
        r"|[Nn]ame resolution|Name or service not known|nodename nor servname|operation timed out"
        r"|Network is unreachable|error decoding response body|Connection (refused|reset|aborted)",
        "the package index cannot be reached",
        "check the network; set-up needs HTTPS to the Python package index, the host of its files, "
        "and the npm registry. Behind a proxy, HTTPS_PROXY has to name it; for your company's "
        "own index, export PIP_INDEX_URL, UV_DEFAULT_INDEX and npm_config_registry",
    ),
    Fault(
        r"DO NOT MATCH THE HASHES|[Hh]ash mismatch|EINTEGRITY|BadZipFile|TAR_BAD_ARCHIVE",
        "what was downloaded is not what the lock file says: damaged, or changed on the way",
        "clear the tools' caches (pip cache purge, uv cache clean, npm cache clean --force); "
        "if it happens again, ask whoever runs your index or proxy",
    ),
    Fault(
        r"No matching distribution|not found in the package registry|no wheels? with a matching"
        r"|\bE404\b|\bETARGET\b|No solution found",
        "the package index has no such package for this Python and platform",
        "use CPython 3.11 or newer on Linux (glibc) or macOS, 64 bit; a company's own index may "
        "lack it, or be named by only some of PIP_INDEX_URL, UV_DEFAULT_INDEX, npm_config_registry",
    ),
)


def find(text: str, faults: Sequence[Fault] = MACHINE + SET_UP) -> Fault | None:
    """Return the first of ``faults`` that ``text`` tells of, ``None`` if it tells of none."""
    return next((fault for fault in faults if fault.is_in(text)), None)


def explain(text: str, faults: Sequence[Fault] = MACHINE + SET_UP) -> str:
    """Return cause and remedy of the fault that ``text`` tells of, as one sentence, or nothing."""
    fault = find(text, faults)
    return f"{fault.cause}: {fault.remedy}" if fault else ""


def describe(error: OSError) -> str:
    """Return one line for an error of the operating system: what it says, cause and remedy."""
    said = shortened(" ".join(str(error).split()).removeprefix(f"[Errno {error.errno}] "))
    return "; ".join(part for part in (said, explain(str(error), MACHINE)) if part)


def shortened(line: str) -> str:
    """Return a line of a tool or a library, cut off where nobody would read on."""
    return line if len(line) <= LINE_LENGTH else f"{line[:LINE_LENGTH]}…"
