"""The scanners, installed beside the Python that runs this module, and their faults."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.prefix) / "bin"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Fault:
    """One finding of a tool; ``line`` is 0 if it concerns the whole file."""

    tool: str
    rule: str
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        at = f"{self.file}:{self.line}" if self.line else self.file
        return f"{self.tool}  {self.rule}\n  at  {at}\n  why {self.message}"


class ToolError(Exception):
    """A tool failed, so its findings are unknown, which never counts as none."""


def output(name: str, *arguments: str, root: Path, found: Sequence[int] = (0, 1)) -> str:
    """Return the output of a tool; raise ``ToolError`` if its exit code is not one of ``found``."""
    result = subprocess.run(  # noqa: S603  # fixed tools
        [str(BIN / name), *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    if result.returncode not in found:
        raise ToolError(f"{name} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout


def parsed(name: str, text: str) -> Any:
    """Return the JSON document in ``text``; raise ``ToolError`` if it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ToolError(f"{name} did not print JSON: {error}") from error
