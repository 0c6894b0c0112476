"""Bootstrap of the emulated account, as a deployer does it: first the policies, then the CDK."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import naming
from local.aws_isolation import without_aws
from local.cdk_cli import Cdk
from local.clients import Clients
from local.errors import LocalCloudError
from local.paths import REPOSITORY


def bootstrap(clients: Clients, cdk: Cdk, assembly: Path) -> None:
    """Create the policies that ``assembly`` needs, and bootstrap both regions with them."""
    cloudformation = clients.client("cloudformation", naming.PRIMARY)
    cloudformation.create_stack(
        StackName=naming.BOOTSTRAP_STACK,
        TemplateBody=_template(assembly),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=naming.BOOTSTRAP_STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    cdk.bootstrap(execution_policies=_outputs(cloudformation)["ExecutionPolicies"])


def _template(assembly: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--assembly", str(assembly), "--out", folder]
        result = subprocess.run(  # noqa: S603  # fixed arguments
            [sys.executable, "-m", "bootstrap", *options],
            cwd=REPOSITORY,
            env=without_aws(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise LocalCloudError(f"the bootstrap policies can't be written:\n{result.stderr}")
        [written] = Path(folder).iterdir()
        return written.read_text()


def _outputs(cloudformation: Any) -> dict[str, str]:
    [stack] = cloudformation.describe_stacks(StackName=naming.BOOTSTRAP_STACK)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
