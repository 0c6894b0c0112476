"""Writes ``samples/``: ``python -m local.demo.make_samples`` after a change of what they hold."""

import json
import shutil
from pathlib import Path
from typing import Any

from local.demo.samples import Sample, samples
from local.paths import REPOSITORY

SAMPLES = REPOSITORY / "samples"
EXPECTED = "expected.json"


def files() -> dict[str, bytes]:
    """Content by path below ``samples``."""
    written = {sample.key: sample.content for sample in samples()}
    expected = json.dumps([_expected(sample) for sample in samples()], indent=1, ensure_ascii=False)
    return written | {EXPECTED: expected.encode() + b"\n"}


def _expected(sample: Sample) -> dict[str, Any]:
    """What must become of the file, as ``local.demo.files`` reads it."""
    return {
        "key": sample.key,
        "region": sample.region,
        "status": sample.status,
        "rowsRead": sample.rows,
        "rowsAccepted": sample.rows - len(sample.rejected),
        "rowsRejected": len(sample.rejected),
        "rejected": {str(row): code for row, code in sample.rejected.items()},
        "failure": dict(sample.failure),
    }


def write(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write(SAMPLES)
