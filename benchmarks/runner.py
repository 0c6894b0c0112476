"""Runs cases as processes of their own, on a core of their own, and nothing else beside them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import endpoints, machine
from benchmarks.agreement import DifferingItemsError, check
from benchmarks.cases import BY_NAME, PRODUCT, Case
from benchmarks.data import file_of
from benchmarks.endpoints import Endpoints
from benchmarks.errors import BenchmarkError
from benchmarks.job import Job, Measurement
from benchmarks.recorder import Recorder, Stored, recording
from local.aws_isolation import client_variables, isolated

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / "build" / "bench"
ROWS_COMPARED = 500
# A case slower than this is stuck.
LIMIT_S = 1_800
_SHOWN_CHARACTERS = 2_000
_SESSION_TOKEN = "token" * 200


@dataclass(frozen=True)
class Runner:
    """Runs cases against running endpoints."""

    endpoints: Endpoints
    recorder: Recorder
    _compared: dict[tuple[str, str, str], float] = field(default_factory=dict)
    _of_models: dict[tuple[str, str, str], list[Stored]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def run(self, case: str, file: Path, set_name: str, endpoint: str = "at_once") -> Measurement:
        """Run a case once with a file of a set; raise ``BenchmarkError`` if it fails."""
        before_s = self.endpoints.waited_s()
        measured = self._run(BY_NAME[case], file, set_name, self.endpoints.urls[endpoint])
        waited_s = self.endpoints.waited_s() - before_s
        return replace(measured, details={**measured.details, "serverWaitedS": waited_s})

    def costs(
        self, cases: Sequence[str], set_name: str, form: str, model: str = PRODUCT
    ) -> dict[str, float]:
        """Return roughly how many microseconds a record costs each case that may be measured.

        Those that write other items than the model are left out, and in ``refused``.
        """
        for case in cases:
            if (case, set_name, form) not in self._compared:
                measured, items = self._recorded(case, set_name, form)
                try:
                    check(case, items, self._items_of(model, set_name, form))
                except DifferingItemsError as error:
                    self.refused[case] = str(error)
                self._compared[case, set_name, form] = measured.us_a_record
        allowed = [case for case in cases if case not in self.refused]
        return {case: self._compared[case, set_name, form] for case in allowed}

    def _items_of(self, model: str, set_name: str, form: str) -> list[Stored]:
        if (model, set_name, form) not in self._of_models:
            _, items = self._recorded(model, set_name, form)
            self._of_models[model, set_name, form] = items
        return self._of_models[model, set_name, form]

    def _recorded(self, case: str, set_name: str, form: str) -> tuple[Measurement, list[Stored]]:
        file = file_of(FOLDER / "data", set_name, ROWS_COMPARED, form)
        measured = self._run(BY_NAME[case], file, set_name, self.recorder.url)
        return measured, self.recorder.taken()

    def _run(self, case: Case, file: Path, set_name: str, url: str) -> Measurement:
        authority = self.endpoints.certificate.authority
        job = Job.of(file, set_name, url, authority)
        output = call([*_program(case), job.text()], client_environment(url, authority))
        return Measurement.read(output)


@contextmanager
def started() -> Iterator[Runner]:
    """Start the endpoints and the recorder; stop them at the end and remove what they left."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        TemporaryDirectory(dir=FOLDER, prefix="run-") as folder,
        endpoints.running(Path(folder)) as running,
        recording(running.certificate) as recorder,
    ):
        yield Runner(running, recorder)


def call(command: list[str], environment: Mapping[str, str]) -> str:
    """Return the output of a program that runs on the core of the cases."""
    ended = subprocess.run(  # noqa: S603  # our own programs
        [*machine.pinned(machine.CASE), *command],
        cwd=REPOSITORY,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    if ended.returncode:
        shown = ended.stderr[-_SHOWN_CHARACTERS:]
        raise BenchmarkError(f"{' '.join(command[:3])} failed: {shown}")
    return ended.stdout


def client_environment(url: str, authority: Path) -> dict[str, str]:
    """Return the variables that point every SDK at an endpoint, and at nothing else."""
    return {
        **isolated(os.environ, home=FOLDER, temporary=FOLDER),
        **client_variables(url, authority),
        # Those of Rust and aiohttp ask OpenSSL's own variable.
        "SSL_CERT_FILE": str(authority),
        # As long as Lambda's, as each request carries it.
        "AWS_SESSION_TOKEN": _SESSION_TOKEN,
    }


def _program(case: Case) -> list[str]:
    if case.runs_on_node:
        return [node(), f"benchmarks/peers/{case.name}.mjs"]
    return [sys.executable, "-m", f"benchmarks.peers.{case.name}"]


def node() -> str:
    """Return the path of Node, which the set-up installs."""
    found = shutil.which("node")
    if not found:
        raise BenchmarkError("no node on the PATH; start the benchmarks with `make bench`")
    return found
