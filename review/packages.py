"""The packages in the lock files, and which have changed since the base."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from policies.changes.packages import NODE, PYTHON, SETTINGS, entries
from review.sources import Read
from review.tree import ROOT


def compared(now: Read, base: Read | None, root: Path = ROOT) -> Mapping[str, Any]:
    """Compare the packages by name; several locked versions of one are a comma-separated list.

    One that comes has nothing ``before``, one that goes nothing ``after``.
    """
    locks = [str(file.relative_to(root)) for each in (*PYTHON, *NODE) for file in root.glob(each)]
    current = _versions(now, locks)
    before = current if base is None else _versions(base, locks)
    differ = sorted(name for name in current | before if current.get(name) != before.get(name))
    return {
        "components": len(current),
        "changed": [
            {"name": name, "before": before.get(name, ""), "after": current.get(name, "")}
            for name in differ
        ],
    }


def _versions(read: Read, locks: Iterable[str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for lock in locks:
        of = "npm:" if lock.endswith(".json") else ""
        for name, entry in entries(lock, read(lock)):
            if name != SETTINGS:
                version = entry["locked"].partition(" ")[0]
                found.setdefault(of + name.rpartition("node_modules/")[2], set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
