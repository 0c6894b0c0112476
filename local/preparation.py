"""Prepares the account as a deployer does: the policies of the bootstrap, then the bootstrap."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from local.cdk import Cdk
from local.clients import Clients
from local.errors import LocalCloudError
from local.isolation import REGIONS, without_aws
from local.layout import REPOSITORY

STACK = "serverless-bootstrap-prod"


def prepare(clients: Clients, cdk: Cdk, assembly: Path) -> None:
    """Make the policies that ``assembly`` asks for, and bootstrap both regions with them."""
    cloudformation = clients.client("cloudformation", REGIONS[0])
    cloudformation.create_stack(
        StackName=STACK,
        TemplateBody=_template(assembly),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    cdk.bootstrap(execution_policies=_outputs(cloudformation)["ExecutionPolicies"])


def _template(assembly: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        options = ["--assembly", str(assembly), "--out", folder, "--json"]
        told = subprocess.run(  # noqa: S603  # fixed arguments
            [sys.executable, "-m", "policies", "bootstrap", *options],
            cwd=REPOSITORY,
            env=without_aws(os.environ),
            capture_output=True,
            text=True,
            check=False,
        )
    if told.returncode:
        raise LocalCloudError(f"the bootstrap's policies can't be written:\n{told.stderr}")
    return told.stdout


def _outputs(cloudformation: Any) -> dict[str, str]:
    [stack] = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
