"""The emulator as a process: what it listens on, and what is not taken for it."""

import http.server
import ssl
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import emulator_launcher, processes, tls_certificate
from local.cloud_state import StateFolder
from local.errors import LocalCloudError
from local.tls_certificate import Certificate

LISTENING = "0A"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> StateFolder:
    made = StateFolder(tmp_path_factory.mktemp("cloud"))
    for folder in (made.tls, made.temporary, made.home):
        folder.mkdir(parents=True)
    return made


@pytest.fixture(scope="module")
def issued(folder: StateFolder) -> Certificate:
    return tls_certificate.issue(folder.tls)


@pytest.fixture(scope="module")
def running(folder: StateFolder, issued: Certificate) -> Iterator[emulator_launcher.Emulator]:
    started = emulator_launcher.start(folder, issued, {})
    try:
        emulator_launcher.wait_until_ready(started, issued.authority)
        yield started
    finally:
        processes.stop(folder.state)
        started.process.wait()


def test_it_proves_itself_with_our_certificate(
    running: emulator_launcher.Emulator, issued: Certificate
) -> None:
    emulator_launcher.identify(running.endpoint, issued.authority)


def test_an_emulator_with_a_certificate_of_another_cloud_is_refused(
    running: emulator_launcher.Emulator, tmp_path: Path
) -> None:
    other = tls_certificate.issue(tmp_path)

    with pytest.raises(LocalCloudError, match="certificate verify failed"):
        emulator_launcher.identify(running.endpoint, other.authority)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_listens_on_one_port_of_the_loopback_address_only(
    running: emulator_launcher.Emulator,
) -> None:
    port = int(running.endpoint.rpartition(":")[2])

    assert _listening(running.process.pid) == [("0100007F", port)]


def test_it_inherits_nothing_of_the_callers_account(running: emulator_launcher.Emulator) -> None:
    environ = Path(f"/proc/{running.process.pid}/environ").read_bytes().split(b"\0")

    assert b"AWS_ACCESS_KEY_ID=000000000000" in environ
    assert not [entry for entry in environ if entry.startswith((b"AWS_PROFILE", b"AWS_ENDPOINT"))]


@pytest.mark.parametrize(
    "answer",
    ['{"auth": "disabled", "edition": "light"}', '{"auth": "enabled"}', "[]", "<html>"],
)
def test_a_server_that_is_not_the_emulator_or_enforces_no_rights_is_refused(
    issued: Certificate, answer: str
) -> None:
    with _Server(issued, answer) as endpoint, pytest.raises(LocalCloudError, match="emulator"):
        emulator_launcher.identify(endpoint, issued.authority)


def test_a_missing_environment_says_what_to_do(
    folder: StateFolder, issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_CLOUD_VENV", "/nowhere")

    with pytest.raises(LocalCloudError, match="run make setup"):
        emulator_launcher.start(folder, issued, {})


def test_a_missing_python_for_the_functions_says_what_to_do(
    folder: StateFolder, issued: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator_launcher, "FUNCTIONS_PYTHON", Path("/nowhere"))

    with pytest.raises(LocalCloudError, match="run make setup"):
        emulator_launcher.start(folder, issued, {})


def _listening(pid: int) -> list[tuple[str, int]]:
    """Address and port of each socket that ``pid`` listens on, as the kernel has them."""
    opened = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [
        line.split()
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    local = [row[1].split(":") for row in rows if row[3] == LISTENING and _owns(opened, row[9])]
    return [(address, int(port, 16)) for address, port in local]


def _owns(opened: set[str], inode: str) -> bool:
    return f"socket:[{inode}]" in opened


POLL_S = 0.01


class _Server:
    def __init__(self, issued: Certificate, answer: str) -> None:
        self._server = http.server.HTTPServer(("127.0.0.1", 0), _answers(answer))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(issued.server, issued.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> str:
        threading.Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True).start()
        return f"https://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _answers(answer: str) -> type[http.server.BaseHTTPRequestHandler]:
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Answers
