"""One local cloud: start, use, stop. Several can run side by side, each in a folder of its own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Self

import naming
from local import (
    aws_isolation,
    cdk_bootstrap,
    emulator_gaps,
    emulator_launcher,
    missing_right,
    processes,
    removal,
    shell,
    synth,
    tls_certificate,
)
from local.cdk_cli import Cdk
from local.clients import Clients
from local.cloud_lock import locked
from local.cloud_state import Record, StateFolder
from local.errors import LocalCloudError
from local.progress import Progress
from local.removal import Removal
from local.tls_certificate import Certificate
from ops import route_steps
from ops.access_point import AccessPoint
from ops.region import Region


class Cloud(Clients):
    """A running local cloud whose files are in ``state_dir``."""

    def __init__(self, state_dir: Path, record: Record) -> None:
        self.state_dir = state_dir
        self._folder = StateFolder(state_dir)
        super().__init__(record.endpoint, Certificate(self._folder.tls).authority)
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
        """Return a cloud with ``assembly`` (by default the product's) deployed in both regions.

        Start one, or deploy the difference to the one that is running, or do nothing if there is
        none. ``options`` are variables for the emulator. A failure or an interruption while
        starting leaves nothing behind.

        Raises:
            LocalCloudError: the assembly can't be synthesized or deployed, or is not ours.

        """
        progress = progress or Progress()
        folder = StateFolder(state_dir.resolve())
        with locked(folder.state, progress):
            if assembly is None:
                assembly = folder.assembly
                with progress.step("synthesized the assembly"):
                    synth.synthesize(assembly)
            _require_stages(assembly)
            cloud = cls.find(state_dir)
            if cloud and cloud.deployed:
                cloud.deploy(assembly, progress)
                return cloud
            return cls._start(folder, assembly, options or {}, progress)

    @classmethod
    def find(cls, state_dir: Path) -> Self | None:
        """Return the cloud running in ``state_dir``, or ``None``.

        Raises:
            LocalCloudError: its process is alive but does not answer, or is another user's.

        """
        folder = StateFolder(state_dir.resolve())
        record = Record.read(folder.record)
        if record is None or record.pid not in processes.environments(folder.state):
            removal.require_own(folder)
            return None
        try:
            return cls(folder.state, record)
        except LocalCloudError as error:
            raise LocalCloudError(f"{error}; make down removes it") from error

    @classmethod
    def remove(cls, state_dir: Path) -> Removal:
        """Stop the cloud in ``state_dir``, in whatever condition, and delete all its files.

        Raises:
            LocalCloudError: something is left; the message names it, and what to do.

        """
        return removal.remove(StateFolder(state_dir.resolve()))

    @classmethod
    def launch(cls, state_dir: Path, options: Mapping[str, str] | None = None) -> Self:
        """Start the emulator in ``state_dir``, where no cloud may be running, and deploy nothing.

        Raises:
            LocalCloudError: the emulator did not start.

        """
        folder = StateFolder(state_dir.resolve())
        for path in (folder.tls, folder.temporary, folder.home):
            path.mkdir(parents=True)
        shell.install(folder)
        issued = tls_certificate.issue(folder.tls)
        started = emulator_launcher.start(folder, issued, options or {})
        emulator_launcher.wait_until_ready(started, issued.authority)
        record = Record(endpoint=started.endpoint, pid=started.process.pid, assembly="")
        record.write(folder.record)
        return cls(folder.state, record)

    def stop(self) -> None:
        self.remove(self.state_dir)

    @property
    def deployed(self) -> bool:
        """False until a whole assembly has been deployed."""
        return bool(self._record.assembly)

    @property
    def cdk(self) -> Cdk:
        """The CDK command line for this cloud."""
        return Cdk(self._folder, self.endpoint, self.ca_bundle)

    def variables(self) -> dict[str, str]:
        """Return environment variables that point ``aws`` and boto3 at this cloud only."""
        return aws_isolation.client_variables(self.endpoint, self.ca_bundle)

    def bootstrap(self, assembly: Path) -> None:
        """Bootstrap both regions with the policies that ``assembly`` needs."""
        cdk_bootstrap.bootstrap(self, self.cdk, assembly)

    def deploy(self, assembly: Path, progress: Progress) -> None:
        """Bring both regions to ``assembly``; do nothing if they are there already."""
        wanted = synth.assembly_digest(assembly)
        if self._record.assembly == wanted:
            progress.note(f"nothing to do: {self.endpoint} runs this assembly")
            return
        if not self._record.assembly:
            with progress.step(f"bootstrapped {' and '.join(naming.REGIONS)}"):
                self.bootstrap(assembly)
        # The primary first: the standby's stack looks up the replica that the primary's makes.
        for region in naming.REGIONS:
            stage = naming.stage_assembly(region)
            with progress.step(f"deployed {stage} to {region}"):
                with missing_right.named(self):
                    self.cdk.deploy(assembly / stage)
                emulator_gaps.close_all(self, region)
        self._settle_routes(progress)
        self._record = replace(self._record, assembly=wanted)
        self._record.write(self._folder.record)

    def _settle_routes(self, progress: Progress) -> None:
        """Do what the verification of the standby does with the access point's routes, if any."""
        outputs = self.outputs(naming.STANDBY)
        if "AccessPointArn" not in outputs:
            return
        standby = Region(self.session(naming.STANDBY), naming.STANDBY, outputs)
        with progress.step("let the access point lead to one region"):
            route_steps.settle(AccessPoint(standby, standby.access_point_arn))

    @classmethod
    def _start(
        cls, folder: StateFolder, assembly: Path, options: Mapping[str, str], progress: Progress
    ) -> Self:
        removal.clear(folder)
        try:
            with progress.step("started the emulator"):
                cloud = cls.launch(folder.state, options)
            cloud.deploy(assembly, progress)
        except LocalCloudError as error:
            said = emulator_launcher.with_log(error, folder)
            removal.discard(folder)
            raise LocalCloudError(said) from error
        except BaseException:  # Ctrl-C among others
            removal.discard(folder)
            raise
        return cloud


def _require_stages(assembly: Path) -> None:
    for stage in map(naming.stage_assembly, naming.REGIONS):
        if not (assembly / stage / "manifest.json").exists():
            raise LocalCloudError(f"{assembly} is not our assembly: it has no {stage}")
