"""Synthesizes what the local cloud deploys: AWS's assembly, with packages for this machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from local import digest
from local.errors import LocalCloudError
from local.isolation import ACCOUNT, without_aws
from local.layout import REPOSITORY, tools_path

# The emulator has one account. All else is as a deployer has set it, the names of buckets included.
CONTEXT = {"bundlePlatform": "host", "account": ACCOUNT, "standbyAccount": ACCOUNT}
# All that the assembly depends on.
INPUTS = (
    *("pipeline_app.py", "naming.py", "stages", "services", "policies"),
    *("cdk.json", "package-lock.json", "requirements/dev.txt", "local/synth.py"),
)
STAMP = ".inputs"


def synthesize(assembly: Path) -> None:
    """Make ``assembly`` current; does nothing when no input has changed since it was made."""
    stamp = f"{sys.version}\n{digest.of_sources(REPOSITORY, INPUTS)}"
    if _stamp(assembly) == stamp:
        return
    shutil.rmtree(assembly, ignore_errors=True)
    result = subprocess.run(  # noqa: S603  # fixed arguments
        _command(assembly),
        cwd=REPOSITORY,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise LocalCloudError(f"cdk synth failed:\n{result.stdout}{result.stderr}")
    (assembly / STAMP).write_text(stamp)


def _stamp(assembly: Path) -> str:
    file = assembly / STAMP
    return file.read_text() if file.exists() else ""


def _command(assembly: Path) -> list[str]:
    context = [word for pair in CONTEXT.items() for word in ("--context", "=".join(pair))]
    options = ["--quiet", "--no-notices", "--output", str(assembly)]
    return [shutil.which("cdk", path=tools_path()) or "cdk", "synth", *options, *context]


def _environment() -> dict[str, str]:
    # The policies are checked when the pipeline's assembly is made; here they would cost seconds.
    return without_aws(os.environ) | {
        "PATH": tools_path(),
        "CDK_VALIDATION": "false",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }
