"""Synthesis of the local cloud's assembly: AWS's own, with packages for this machine."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from local.aws_isolation import ACCOUNT, without_aws
from local.errors import LocalCloudError
from local.paths import REPOSITORY, tools_path
from services.lambda_python import FUNCTIONS_PYTHON, version

# The emulator has one account, with people and a producer of its own. Its schedules fire: a canary
# that runs rarely does not meet the faults of tests. Everything else is set by the deployer, bucket
# names included.
CONTEXT = {
    "bundlePlatform": "host",
    "account": ACCOUNT,
    "standbyAccount": ACCOUNT,
    "canaryEveryMinutes": "360",
    "operators": json.dumps([f"arn:aws:iam::{ACCOUNT}:user/operator"]),
    "readers": json.dumps([f"arn:aws:iam::{ACCOUNT}:user/reader"]),
    "producers": json.dumps({"sample": "sample/"}),
}
# Everything that the assembly depends on.
INPUTS = (
    *("pipeline_app.py", "naming.py", "stages", "services", "policies"),
    *("cdk.json", "package-lock.json", "requirements/dev.txt", "local/synth.py"),
)
STAMP = ".inputs"
SKIPPED_FOLDERS = {"__pycache__"}


def synthesize(assembly: Path) -> None:
    """Bring ``assembly`` up to date; do nothing if no input has changed since it was made.

    Of processes that want it at the same time, one makes it and the others wait.

    Raises:
        LocalCloudError: ``cdk synth`` failed; the next call tries again.

    """
    assembly.parent.mkdir(parents=True, exist_ok=True)
    with assembly.with_name(f".{assembly.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        pythons = f"{sys.version}\n{version(FUNCTIONS_PYTHON)}"
        stamp = f"{pythons}\n{sources_digest(REPOSITORY, INPUTS)}"
        if _stamp(assembly) != stamp:
            _make(assembly)
            (assembly / STAMP).write_text(stamp)


def _make(assembly: Path) -> None:
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


def assembly_digest(assembly: Path) -> str:
    """Return a digest of what would be deployed: templates name the code by its own digest."""
    patterns = ("*.template.json", "*.assets.json")
    return _digest(assembly, (f for pattern in patterns for f in assembly.rglob(pattern)))


def sources_digest(root: Path, names: Iterable[str]) -> str:
    """Return a digest of the files and folders ``names`` in ``root``; a missing one is empty."""
    return _digest(root, (file for name in names for file in _files(root / name)))


def _digest(root: Path, files: Iterable[Path]) -> str:
    """Cover names (relative to ``root``) and contents, in whatever order ``files`` come."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(root)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [
        file for file in path.rglob("*") if file.is_file() and not SKIPPED_FOLDERS & set(file.parts)
    ]


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
