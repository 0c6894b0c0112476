"""The real CDK command line, pointed at the local cloud and unable to see anything else."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from local import isolation, processes
from local.errors import LocalCloudError
from local.layout import Layout, tools_path

OUTPUT_TAIL_LINES = 15


class Cdk:
    """Runs in an empty folder, so that no ``cdk.json`` or context file takes part."""

    def __init__(self, layout: Layout, endpoint: str, ca_bundle: Path) -> None:
        self._layout = layout
        self._environment = {
            **isolation.isolated(os.environ, home=layout.home, temporary=layout.temporary),
            **isolation.client_variables(endpoint, ca_bundle),
            "PATH": tools_path(),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            processes.STATE_VARIABLE: str(layout.state.resolve()),
        }

    def bootstrap(self, *, execution_policies: str) -> None:
        """Bootstrap all regions at once; CloudFormation may do what the policies' ARNs say."""
        environments = [f"aws://{isolation.ACCOUNT}/{region}" for region in isolation.REGIONS]
        policies = ("--cloudformation-execution-policies", execution_policies)
        self._run("bootstrap", *environments, *policies)

    def deploy(self, stage: Path) -> None:
        """Deploy the stacks of a nested assembly as they were synthesized."""
        self._run(
            "deploy",
            *("--app", str(stage), "--all", "--require-approval", "never"),
            # A change set is for people to look at.
            *("--method", "direct", "--asset-parallelism", "--progress", "events"),
        )

    def _run(self, *arguments: str) -> None:
        command = [shutil.which("cdk", path=tools_path()) or "cdk", *arguments, "--no-notices"]
        output = self._output(command, self._environment)
        if output.returncode:
            tail = "\n".join(output.stdout.splitlines()[-OUTPUT_TAIL_LINES:])
            raise LocalCloudError(f"cdk {arguments[0]} failed:\n{tail}")

    def _output(
        self, command: list[str], environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # fixed arguments
            command,
            cwd=self._layout.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
