"""The real CDK command line, pointed at the local cloud and unable to see anything else."""

import os
import shutil
import subprocess
from pathlib import Path

import naming
from local import aws_isolation, processes
from local.cloud_state import StateFolder
from local.errors import LocalCloudError
from local.paths import tools_path

OUTPUT_TAIL_LINES = 15


class Cdk:
    """The CLI, run in an empty folder so that no ``cdk.json`` or context file is picked up.

    A command that fails raises ``LocalCloudError`` with the end of its output.
    """

    def __init__(self, folder: StateFolder, endpoint: str, ca_bundle: Path) -> None:
        self._working_folder = folder.home
        self._environment = {
            **aws_isolation.isolated(os.environ, home=folder.home, temporary=folder.temporary),
            **aws_isolation.client_variables(endpoint, ca_bundle),
            "PATH": tools_path(),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            processes.STATE_VARIABLE: str(folder.state.resolve()),
        }

    def bootstrap(self, *, execution_policies: str) -> None:
        """Bootstrap both regions; CloudFormation gets the policies with these ARNs (commas)."""
        environments = [f"aws://{aws_isolation.ACCOUNT}/{region}" for region in naming.REGIONS]
        self._run(
            *("bootstrap", *environments),
            *("--qualifier", naming.BOOTSTRAP_QUALIFIER),
            *("--toolkit-stack-name", naming.TOOLKIT_STACK),
            *("--cloudformation-execution-policies", execution_policies),
        )

    def deploy(self, assembly: Path) -> None:
        """Deploy all stacks of ``assembly`` (a stage's, or the whole) as they were synthesized."""
        self._run(
            "deploy",
            *("--app", str(assembly), "--all", "--require-approval", "never"),
            # A change set would only help a reviewer.
            *("--method", "direct", "--asset-parallelism", "--progress", "events"),
        )

    def _run(self, *arguments: str) -> None:
        result = subprocess.run(  # noqa: S603  # fixed arguments
            [shutil.which("cdk", path=tools_path()) or "cdk", *arguments, "--no-notices"],
            cwd=self._working_folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode < 0:
            raise LocalCloudError(
                f"cdk {arguments[0]} was ended, by make down or for want of memory"
            )
        if result.returncode:
            tail = "\n".join(result.stdout.splitlines()[-OUTPUT_TAIL_LINES:])
            raise LocalCloudError(f"cdk {arguments[0]} failed:\n{tail}")
