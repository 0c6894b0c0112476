"""One local cloud: start, use, stop. Several live side by side, each with a folder of its own."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Self

from local import (
    certificate,
    digest,
    emulator,
    gaps,
    isolation,
    preparation,
    processes,
    synth,
)
from local.cdk import Cdk
from local.clients import Clients
from local.errors import LocalCloudError
from local.layout import Layout
from local.progress import Progress
from local.record import Record

# In this order: the standby's stack looks up the replica that the primary's table makes.
STAGES = (
    ("assembly-serverless-pipeline-prod-primary", "us-east-1"),
    ("assembly-serverless-pipeline-prod-standby", "us-west-2"),
)


class Cloud(Clients):
    """A running local cloud whose files are in ``state_dir``."""

    def __init__(self, state_dir: Path, record: Record) -> None:
        self.state_dir = state_dir
        self._layout = Layout(state_dir)
        super().__init__(record.endpoint, _authority(self._layout))
        self._record = record

    @classmethod
    def start(
        cls,
        state_dir: Path,
        *,
        assembly: Path | None = None,
        options: Mapping[str, str] | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """A cloud with ``assembly`` (the product's when none is given) deployed in both regions.

        Starts it, or deploys the difference to the one that runs, or finds nothing to be done.
        ``options`` are variables for the emulator. What failed or was interrupted leaves nothing.
        """
        progress = progress or Progress()
        layout = Layout(state_dir.resolve())
        with _alone(layout):
            if assembly is None:
                assembly = layout.assembly
                with progress.step("synthesized the assembly"):
                    synth.synthesize(assembly)
            _require_stages(assembly)
            cloud = cls.find(state_dir)
            if cloud and cloud.deployed:
                cloud.deploy(assembly, progress)
                return cloud
            return cls._start(layout, assembly, options or {}, progress)

    @classmethod
    def find(cls, state_dir: Path) -> Self | None:
        """The cloud that runs in ``state_dir``, if it answers."""
        layout = Layout(state_dir.resolve())
        record = Record.read(layout.record)
        if record is None or record.pid not in processes.environments(layout.state):
            return None
        return cls(layout.state, record)

    @classmethod
    def remove(cls, state_dir: Path) -> None:
        """Stop whatever runs in ``state_dir``, in whatever state, and delete all it has written."""
        layout = Layout(state_dir.resolve())
        processes.stop(layout.state)
        shutil.rmtree(layout.run, ignore_errors=True)
        with suppress(OSError):  # absent, or an assembly is kept in it
            layout.state.rmdir()

    def stop(self) -> None:
        self.remove(self.state_dir)

    @property
    def deployed(self) -> bool:
        """False until a whole assembly has been deployed."""
        return bool(self._record.assembly)

    def variables(self) -> dict[str, str]:
        """Environment variables that point ``aws`` and boto3 at this cloud."""
        return isolation.client_variables(self.endpoint, self.ca_bundle)

    def lambda_pids(self, function_name: str = "") -> list[int]:
        """Processes that run functions now or are kept warm; of one function when it is named."""
        return [
            pid
            for pid, environ in processes.environments(self.state_dir).items()
            if environ.get("AWS_LAMBDA_FUNCTION_NAME", "").startswith(function_name)
            and "AWS_LAMBDA_FUNCTION_NAME" in environ
        ]

    @classmethod
    def _start(
        cls, layout: Layout, assembly: Path, options: Mapping[str, str], progress: Progress
    ) -> Self:
        cls.remove(layout.state)
        try:
            with progress.step("started the emulator"):
                cloud = cls._launch(layout, options)
            cloud.deploy(assembly, progress)
        except LocalCloudError as error:
            tail = emulator.log_tail(layout)
            cls.remove(layout.state)
            raise LocalCloudError(f"{error}\n--- the emulator's log ends with\n{tail}") from error
        except BaseException:  # Ctrl-C among others
            cls.remove(layout.state)
            raise
        return cloud

    @classmethod
    def _launch(cls, layout: Layout, options: Mapping[str, str]) -> Self:
        for folder in (layout.tls, layout.temporary, layout.home):
            folder.mkdir(parents=True)
        issued = certificate.issue(layout.tls)
        started = emulator.start(layout, issued, options)
        emulator.wait_until_ready(started, issued.authority)
        record = Record(endpoint=started.endpoint, pid=started.process.pid, assembly="")
        record.write(layout.record)
        return cls(layout.state, record)

    def deploy(self, assembly: Path, progress: Progress) -> None:
        """Bring both regions to ``assembly``; does nothing when they are there already."""
        wanted = digest.of_assembly(assembly)
        if self._record.assembly == wanted:
            progress.note(f"nothing to do: {self.endpoint} runs this assembly")
            return
        cdk = Cdk(self._layout, self.endpoint, self.ca_bundle)
        if not self._record.assembly:
            with progress.step(f"bootstrapped {' and '.join(isolation.REGIONS)}"):
                preparation.prepare(self, cdk, assembly)
        for stage, region in STAGES:
            with progress.step(f"deployed {stage} to {region}"):
                cdk.deploy(assembly / stage)
                gaps.close_all(self, region)
        self._record = replace(self._record, assembly=wanted)
        self._record.write(self._layout.record)


def _require_stages(assembly: Path) -> None:
    for stage, _ in STAGES:
        if not (assembly / stage / "manifest.json").exists():
            raise LocalCloudError(f"{assembly} is not our assembly: it has no {stage}")


def _authority(layout: Layout) -> Path:
    return certificate.Certificate(layout.tls).authority


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """Wait until no other process starts a cloud in the same folder."""
    layout.state.mkdir(parents=True, exist_ok=True)
    folder = os.open(layout.state, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
