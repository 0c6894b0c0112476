"""``ops`` for tests that run it a hundred times: all it imports is imported once.

A server imports the commands and waits on a socket. What stands on the PATH as ``ops`` sends it the
words, the folder, the environment and its three standard streams; the server's fork runs the
command with exactly these, and answers its exit code. Only the start of Python and the imports are
saved, half of what most commands take. That ``ops`` starts as an operator starts it, other tests
see.
"""

import array
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

from local.paths import REPOSITORY
from tests.e2e.waiting import wait_for

STREAMS = 3
# Signals that a person, or timeout(1), sends to the command.
FORWARDED = (signal.SIGINT, signal.SIGTERM)
CLIENT = f"""#!{sys.executable} -SE
import array, json, os, signal, socket, sys
connection = socket.socket(socket.AF_UNIX)
connection.connect(os.path.join(os.path.dirname(os.path.abspath(__file__)), "socket"))
streams = array.array("i", range({STREAMS}))
connection.sendmsg([b"!"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
answers = connection.makefile("rw")
print(json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]), file=answers, flush=True)
process = int(answers.readline())
for number in {[int(each) for each in FORWARDED]}:
    signal.signal(number, lambda sent, _: os.kill(process, sent))
sys.exit(int(answers.readline() or 1))
"""


@contextmanager
def preloaded(folder: Path) -> Iterator[Path]:
    """Put ``ops`` into the folder, which goes to the front of the PATH, until the block ends."""
    command = folder / "ops"
    command.write_text(CLIENT)
    command.chmod(0o755)
    place = folder / "socket"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.preloaded", str(place)], cwd=REPOSITORY
    ) as server:
        wait_for(place.exists, "the server of the commands")
        try:
            yield folder
        finally:
            server.terminate()


def _serve(place: Path) -> None:
    import_module("boto3")
    commands = import_module("ops.commands")
    for module in pkgutil.iter_modules(commands.__path__):
        import_module(f"ops.commands.{module.name}")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        unfinished = place.with_suffix(".unfinished")
        listener.bind(str(unfinished))
        listener.listen(16)
        unfinished.rename(place)
        while True:
            connection, _ = listener.accept()
            if not os.fork():
                listener.close()
                _run(connection)
            connection.close()


def _run(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size = STREAMS * array.array("i").itemsize
    _, [(_, _, sent)], *_ = connection.recvmsg(1, socket.CMSG_LEN(size))
    for number, stream in enumerate(array.array("i", sent)):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(n, "w" if n else "r") for n in range(STREAMS))
    answers = connection.makefile("rw")
    words, folder, environ = json.loads(answers.readline())
    print(os.getpid(), file=answers, flush=True)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    try:
        code = import_module("ops.cli").main(words)
    except BaseException:  # noqa: BLE001  # as the interpreter ends with it, which goes on here
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    print(code, file=answers, flush=True)
    os._exit(code)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
