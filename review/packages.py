"""The packages in the lock files, and which of them have changed since the base."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

PYTHON_LOCKS = (
    "requirements/bootstrap.txt",
    "requirements/cloud.txt",
    "requirements/dev.txt",
    "requirements/ops.txt",
    "requirements/scan.txt",
    "services/canary/runtime/requirements.txt",
    "services/processor/runtime/requirements.txt",
    "services/stream_consumer/runtime/requirements.txt",
)
NPM_LOCK = "package-lock.json"
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,.-]+\])?==([^\s;\\]+)", re.MULTILINE)

# Returns the text of a file in the repository; empty if there is none.
Read: TypeAlias = Callable[[str], str]


def compared(now: Read, base: Read | None) -> Mapping[str, Any]:
    """Compare the packages by name; several locked versions of one are a comma-separated list."""
    current = _versions(now)
    before = current if base is None else _versions(base)
    both = current.keys() & before.keys()
    return {
        "components": len(current),
        "added": [_package(name, current) for name in sorted(current.keys() - before.keys())],
        "removed": [_package(name, before) for name in sorted(before.keys() - current.keys())],
        "changed": [
            {"name": name, "before": before[name], "after": current[name]}
            for name in sorted(both)
            if before[name] != current[name]
        ],
    }


def _package(name: str, versions: Mapping[str, str]) -> Mapping[str, str]:
    return {"name": name, "version": versions[name]}


def _versions(read: Read) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for path in PYTHON_LOCKS:
        for name, version in PIN.findall(read(path)):
            found.setdefault(name, set()).add(version)
    for path, entry in json.loads(read(NPM_LOCK) or "{}").get("packages", {}).items():
        if path:
            found.setdefault(f"npm:{path.rpartition('node_modules/')[2]}", set()).add(
                entry["version"]
            )
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
