"""A process like the one that Lambda starts: its variables, its Python, and only its packages."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from services.lambda_python import FUNCTIONS_PYTHON

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("canary", "processor", "stream_consumer")
# As Lambda and the constructs set them.
ENVIRONMENT = {
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "REGION": "us-east-1",
    "TABLE_NAME": "serverless-processed-data-prod",
    "EVENT_BUS_NAME": "serverless-data-events-prod",
    "BUCKET_NAME": "serverless-data-ingestion-prod",
    "PEER_REGION": "us-west-2",
    "FRESH_FOR_S": "660",
    "REJECTED_SHARE_ANNOUNCED": "0.05",
    "REJECTED_ROWS_KEPT_DAYS": "0",
    "STATUS_INDEX": "all",
    "POWERTOOLS_SERVICE_NAME": "service",
    "POWERTOOLS_METRICS_NAMESPACE": "ServerlessDataIngestion",
}


def runtime_dir(service: str) -> Path:
    return ROOT / "services" / service / "runtime"


def run(code: str, *arguments: str | Path) -> Any:  # noqa: ANN401  # as the code printed it
    """Return what ``code`` prints last, as JSON; its messages on the error output are a failure.

    A bundle can't be written on Lambda, so no bytecode is.
    """
    ended = subprocess.run(
        [FUNCTIONS_PYTHON, "-I", "-B", "-W", "ignore", "-c", code, *arguments],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    return json.loads(ended.stdout.splitlines()[-1])


def run_tests(code: str, bundle: Path, tests: Path) -> None:
    """Run ``tests`` with ``code``, in the environment of the functions' tests."""
    ended = subprocess.run(
        [ROOT / ".unit-venv" / "bin" / "python", "-B", "-c", code, bundle, tests],
        env={**os.environ, "PYTHONPATH": str(bundle)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
