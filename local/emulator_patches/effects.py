"""Put before the program that runs a function: notes what its process does outside itself.

``FUNCTION_EFFECTS`` names the file, whose lines have the function, its region, what was done
(resolve, connect, process, write, read) and to what. What Python and the bundle are made of is read
without a note. A function with the variable ``AWS_IS_AT``, a port, calls AWS by its own names, all
of which lead there.
"""

import os
import socket
import sys
from typing import Any

_KINDS = {
    "connect": ("socket.connect", "socket.sendto"),
    "listen": ("socket.bind",),
    "resolve": ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"),
    "process": (
        *("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"),
        *("subprocess.Popen", "pty.spawn", "ctypes.dlopen"),
    ),
    "write": (
        *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"),
        *("os.symlink", "os.truncate", "os.utime", "sqlite3.connect", "tempfile.mkstemp"),
    ),
}
_KIND = {event: kind for kind, events in _KINDS.items() for event in events}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _watch() -> None:
    names = ("AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION")
    who = " ".join(os.environ[name] for name in names)
    file = os.open(os.environ["FUNCTION_EFFECTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    # An error is printed with lines of sources, which bytecode names as Lambda has them.
    here = (os.path.dirname(__file__), os.getcwd())  # noqa: PTH109, PTH120  # pathlib is for the function itself to import
    own = (sys.prefix, sys.base_prefix, "/var/task/", *map(os.path.realpath, here))
    noted = set[str]()

    def what(event: str, args: tuple[Any, ...]) -> str:
        kind = _KIND.get(event, "")
        if kind in {"connect", "listen"}:
            return "{} {}:{}".format(kind, *args[-1][:2])
        # What has a number has been opened before.
        if not (kind == "write" or event == "open") or isinstance(args[0], int):
            return kind and f"{kind} {args[0]}"
        path = os.path.realpath(os.fsdecode(args[0]))
        is_own = path.startswith(own)
        if kind == "write" or args[2] & _WRITING:
            # Python keeps the bytecode of a source that a test has changed.
            return "" if is_own and "/__pycache__" in path else f"write {path}"
        return "" if is_own else f"read {path}"

    def note(event: str, args: tuple[Any, ...]) -> None:
        done = what(event, args)
        if done and done not in noted:
            noted.add(done)
            os.write(file, f"{who} {done}\n".encode())

    sys.addaudithook(note)


def _call_aws_by_name(port: int) -> None:
    resolve = socket.getaddrinfo

    def resolved(host: str, *args: Any, **options: Any) -> Any:
        if not host.endswith(".amazonaws.com"):
            return resolve(host, *args, **options)
        sys.audit("socket.getaddrinfo", host, *args)
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

    socket.getaddrinfo = resolved  # type: ignore[assignment]
    os.environ.pop("AWS_ENDPOINT_URL", None)


_watch()
if "AWS_IS_AT" in os.environ:
    _call_aws_by_name(int(os.environ["AWS_IS_AT"]))
