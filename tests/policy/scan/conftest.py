import json
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pytest

ROOT = Path(__file__).resolve().parents[3]
PYTHON = ROOT / ".scan-venv" / "bin" / "python"
TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {}}}}
WORKFLOW = """\
name: w
on: push
permissions: {}
concurrency:
  group: w
  cancel-in-progress: true
jobs:
  j:
    name: j
    runs-on: ubuntu-24.04
    steps:
      - run: echo
"""

Scan: TypeAlias = Callable[..., tuple[int, Sequence[Mapping[str, Any]]]]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree in which no tool finds anything."""
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "w.yml").write_text(WORKFLOW)
    (tmp_path / "cdk.out").mkdir()
    (tmp_path / "cdk.out" / "s.template.json").write_text(json.dumps(TEMPLATE))
    (tmp_path / "accepted").mkdir()
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "__init__.py").touch()
    return tmp_path


@pytest.fixture
def scan(tree: Path) -> Scan:
    """Exit code and findings of the command, on ``tree``: of all tools, or of those named."""

    def run(*tools: str) -> tuple[int, Sequence[Mapping[str, Any]]]:
        options = [f"--root={tree}", f"--assembly={tree}/cdk.out"]
        options += [f"--accepted={tree}/accepted", *(f"--only={tool}" for tool in tools)]
        done = subprocess.run(
            [str(PYTHON), "-m", "policies.scan", "--json", *options],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout or "[]")

    return run


@pytest.fixture(autouse=True, scope="session")
def _installed() -> None:
    if not PYTHON.exists() or not shutil.which(str(PYTHON)):
        pytest.fail("the scanners are not installed: make .scan-venv/.ready")
