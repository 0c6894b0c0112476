"""The endpoints that all cases write to: one nginx on a core of its own, TLS, loopback only."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from grp import getgrgid
from pathlib import Path
from pwd import getpwuid

from benchmarks import answers, machine
from benchmarks.errors import BenchmarkError
from benchmarks.job import BUCKET, VERSION
from local.aws_isolation import LOOPBACK, loopback_socket
from local.tls_certificate import Certificate, issue
from ops.waiting import wait_for

DELAY_S = 0.005
REFUSED_PERCENT = 30
BROKEN_PERCENT = 1
ALLOWED_A_SECOND = 1_000
# What may come at once; a table has seconds of it, so this is the stricter one.
BURST = 50
KINDS = ("at_once", "delayed", "refusing", "limiting", "breaking")

_CONFIGURATION = Path(__file__).with_name("nginx.conf")
_PACKAGES = ("nginx", "libnginx-mod-http-echo")
_ECHO = Path("usr/lib/nginx/modules/ngx_http_echo_module.so")
_START_LIMIT_S = 10
_PLACE = re.compile(r"\{([A-Z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class Endpoints:
    """Running endpoints: their URLs by kind, and what clients trust."""

    urls: dict[str, str]
    certificate: Certificate
    folder: Path
    process: int

    def waited_s(self) -> float:
        """Return how long the server has been ready while another process had its core."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text().split()
        return sum(machine.waited_s(child) for child in children)

    @property
    def objects(self) -> Path:
        """Return the folder whose files are the objects of the bucket."""
        return self.folder / "objects" / BUCKET

    def answered(self, kind: str) -> dict[str, int]:
        """Return how often each status was answered since the last call, by a kind that logs it."""
        log = self.folder / f"{kind}.log"
        statuses = log.read_text().split()
        # nginx goes on at the end of a file that was emptied.
        log.write_text("")
        return {status: statuses.count(status) for status in sorted(set(statuses))}


@contextmanager
def running(folder: Path) -> Iterator[Endpoints]:
    """Start the endpoints, with their files in ``folder``; stop them at the end.

    Raises:
        BenchmarkError: there is no nginx, or it does not start.

    """
    binary, echo = _nginx(folder.parent / "nginx")
    certificate = issue(folder)
    ports = _free_ports()
    (folder / "objects" / BUCKET).mkdir(parents=True)
    written = folder / "nginx.conf"
    written.write_text(_configuration(folder, echo, ports))
    command: list[str | Path] = [
        *machine.pinned(machine.SERVER),
        binary,
        "-p",
        folder,
        "-c",
        written,
    ]
    with subprocess.Popen([*command, "-e", folder / "error.log"]) as process:  # noqa: S603
        try:
            _wait_for(process, folder)
            urls = {kind: f"https://{LOOPBACK}:{ports[kind]}" for kind in KINDS}
            yield Endpoints(urls=urls, certificate=certificate, folder=folder, process=process.pid)
        finally:
            process.terminate()


def version(folder: Path) -> str:
    """Return the version of the nginx that is used."""
    binary, _ = _nginx(folder)
    told = subprocess.run([binary, "-v"], capture_output=True, text=True, check=True)  # noqa: S603
    return told.stderr.strip().rpartition("/")[2]


def _wait_for(process: subprocess.Popen[bytes], folder: Path) -> None:
    def ended_or_started() -> bool:
        return process.poll() is not None or (folder / "nginx.pid").exists()

    wait_for(ended_or_started, "nginx", limit_s=_START_LIMIT_S, poll_s=0.05)
    if process.poll() is not None:
        raise BenchmarkError(f"nginx did not start: {(folder / 'error.log').read_text()}")


def _free_ports() -> dict[str, int]:
    with ExitStack() as taken:
        return {kind: taken.enter_context(loopback_socket()).getsockname()[1] for kind in KINDS}


def _configuration(folder: Path, echo: Path, ports: dict[str, int]) -> str:
    named = answers.ANSWERS.items()
    values = {
        "LOAD_ECHO": f"load_module {echo};",
        # Its worker reads the objects, which are nobody else's; the name is root's in a container.
        "USER": f"{getpwuid(os.geteuid()).pw_name} {getgrgid(os.getegid()).gr_name}",
        "FOLDER": str(folder.resolve()),
        "BUCKET": BUCKET,
        "VERSION": VERSION,
        "NOTHING": answers.NOTHING,
        "NOTHING_CHECKSUM": answers.checksum(answers.NOTHING),
        "ANSWERS": "\n        ".join(f"~{name}$ '{body}';" for name, body in named),
        "CHECKSUMS": "\n        ".join(f"~{n}$ {answers.checksum(body)};" for n, body in named),
        "THROTTLED": answers.THROTTLED,
        "THROTTLED_CHECKSUM": answers.checksum(answers.THROTTLED),
        "DELAY_S": DELAY_S,
        "REFUSED_PERCENT": REFUSED_PERCENT,
        "BROKEN_PERCENT": BROKEN_PERCENT,
        "ALLOWED_A_SECOND": ALLOWED_A_SECOND,
        "BURST": BURST,
        **{kind.upper(): port for kind, port in ports.items()},
    }
    return _PLACE.sub(lambda place: str(values[place[1]]), _CONFIGURATION.read_text())


def _nginx(unpacked: Path) -> tuple[Path, Path]:
    """Return nginx and its module echo: those of this machine, or else Debian's, unpacked."""
    installed = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if installed and (Path("/") / _ECHO).exists():
        return Path(installed), Path("/") / _ECHO
    if not (unpacked / _ECHO).exists():
        _unpack(unpacked)
    return unpacked / "usr/sbin/nginx", unpacked / _ECHO


def _unpack(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(  # noqa: S603  # fixed arguments
            ["apt-get", "download", *_PACKAGES],  # noqa: S607  # wherever the system has it
            cwd=folder,
            check=True,
            capture_output=True,
        )
        for package in folder.glob("*.deb"):
            subprocess.run(  # noqa: S603
                ["dpkg", "-x", package, folder],  # noqa: S607
                check=True,
            )
    except (OSError, subprocess.CalledProcessError) as error:
        problem = "the benchmarks need nginx with its module echo"
        raise BenchmarkError(f"{problem}; install {' and '.join(_PACKAGES)}: {error}") from error
