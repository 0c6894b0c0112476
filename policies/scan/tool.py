"""Runs a tool of this environment; the tools are installed beside the Python that runs us."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies.scan.fault import ToolError

BIN = Path(sys.prefix) / "bin"


def output(name: str, *arguments: str, root: Path, found: Sequence[int] = (0, 1)) -> str:
    """Standard output of the tool; raise ``ToolError`` when its status isn't one of ``found``."""
    result = subprocess.run(  # noqa: S603  # fixed tools
        [str(BIN / name), *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if result.returncode not in found:
        raise ToolError(f"{name} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout


def parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ToolError(f"{name} has written no JSON: {error}") from error
