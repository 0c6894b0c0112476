"""The scanners, installed beside the Python that runs this module, and their findings."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from policies.command_line import Undetermined, run
from policies.finding import Finding
from policies.gate import accepting

# What another's tool finds: its rule, the file, the line and what it says.
Row: TypeAlias = tuple[str, str, int, str]


def output(name: str, *arguments: str, root: Path, found: Sequence[int] = (0, 1)) -> str:
    """Return the output of a tool; raise ``Undetermined`` if its exit code is none of ``found``."""
    result = run([f"{sys.prefix}/bin/{name}", *arguments], root)
    if result.returncode not in found:
        raise Undetermined(f"{name} ended with {result.returncode}: {result.stderr.strip()}")
    return result.stdout


def parsed(name: str, *arguments: str, root: Path, found: Sequence[int] = (0, 1)) -> Any:
    """Return what a tool prints as one JSON document; raise ``Undetermined`` if it is none."""
    try:
        return json.loads(output(name, *arguments, root=root, found=found))
    except json.JSONDecodeError as error:
        raise Undetermined(f"{name} did not print JSON: {error}") from error


def findings(tool: str, rows: Iterable[Row], root: Path) -> Iterator[Finding]:
    """Yield what a tool finds, with its files as they are called below ``root``."""
    for rule, path, line, message in rows:
        file = path.removeprefix(f"{root}/")
        yield finding(tool=tool, rule=rule, file=file, line=line, message=message)


def finding(
    *, tool: str, rule: str, file: str, line: int = 0, message: str, remedy: str = ""
) -> Finding:
    """Return a finding of a tool; ``line`` is 0 if it concerns the whole file."""
    name = f"{tool}-{rule}"
    return Finding(
        gate=tool,
        rule=name,
        path=file,
        message=message,
        remedy=remedy or f"mend it at that place, {accepting(name, file)}",
        source=f"{file}:{line}" if line else "",
    )
