"""The process in which the contracts of a commit run; ``worker.py`` says what it is asked."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WORKER = "datasets.compatibility.worker"
LIMIT_S = 300


class DataError(Exception):
    """Contracts cannot be run, or a bucket not be read; the message says why."""


def ask(
    sources: Path, request: Mapping[str, Any], *, hash_seed: int = 0, zone: str = "UTC"
) -> dict[str, Any]:
    """Return the worker's answer with the contracts in ``sources``.

    The process inherits no variables: what it answers depends on the arguments only.

    Raises:
        DataError: the contracts can't be imported, or don't come to an end.

    """
    environment = {
        "PYTHONPATH": f"{sources}:{ROOT}",
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        "TZ": zone,
    }
    command = [sys.executable, "-P", "-m", WORKER]
    try:
        done = subprocess.run(  # noqa: S603  # fixed arguments
            command,
            input=json.dumps(request),
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DataError(f"the contracts in {sources} took more than {LIMIT_S} s") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise DataError(f"the contracts in {sources} cannot be run: {last}")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
