"""Which packages the lock files name, and from where each comes: not in which version.

A package that nobody asked for, another index, or a script that an installation runs is a change;
the next version of what is there already is none.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PYTHON = ("requirements/*.txt", "services/*/runtime/requirements.txt")
NODE = ("package{}.json", "benchmarks/package{}.json", "tests/browser/package{}.json")
PINNED = re.compile(r"(?P<name>[\w.-]+(\[[\w,.-]+\])?)==[\w.!+-]+(?P<only>( ;[^\\]*)?)( ?\\)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}( \\)?")
VERSION = re.compile(r"[\d.]+")
DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
# They say what the project is, or are compared by themselves.
ASIDE = ("name", "version", "private", "description", "license", "scripts", *DEPENDENCIES)
# Beside its name, what an installation does with a package.
TOLD = ("resolved", "link", "hasInstallScript")


def named(root: Path) -> str:
    """Return a line for each package and each setting of the lock files in ``root``."""
    lines = [*_python(root), *_node(root)]
    return "".join(f"{line}\n" for line in lines)


def scripts(root: Path) -> Mapping[str, Any]:
    """Return what each of Node's package files in ``root`` lets npm run, by the file's name."""
    names = [pattern.format("") for pattern in NODE]
    found = {name: root / name for name in names if (root / name).is_file()}
    return {name: json.loads(file.read_text()).get("scripts", {}) for name, file in found.items()}


def _python(root: Path) -> Iterator[str]:
    for pattern in PYTHON:
        for file in sorted(root.glob(pattern)):
            for line in map(str.strip, file.read_text().splitlines()):
                if line and not line.startswith("#") and not HASH.fullmatch(line):
                    pinned = PINNED.fullmatch(line)
                    text = pinned["name"] + pinned["only"] if pinned else line
                    yield f"{file.relative_to(root)}: {text.rstrip()}"


def _node(root: Path) -> Iterator[str]:
    for pattern in NODE:
        for name, read in ((pattern.format(""), _wanted), (pattern.format("-lock"), _locked)):
            if (root / name).is_file():
                yield from (
                    f"{name}: {line}" for line in read(json.loads((root / name).read_text()))
                )


def _wanted(package: Mapping[str, Any]) -> Iterator[str]:
    for section in DEPENDENCIES:
        for name, version in package.get(section, {}).items():
            yield name if VERSION.fullmatch(version) else f"{name} {version}"
    for key in package.keys() - {*ASIDE}:
        yield f"{key} {json.dumps(package[key], sort_keys=True)}"


def _locked(lock: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in lock.get("packages", {}).items():
        told = [f"{key}={entry[key]}" for key in TOLD if key in entry]
        yield " ".join([name or "(root)", *told])
