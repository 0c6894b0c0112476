"""The packages in the lock files, which have changed since the base, and where that is told.

A package that is installed says itself where its changes are listed; no registry is asked.
"""

import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

from policies.changes.packages import NODE, PYTHON, SETTINGS, entries
from review.sources import Read
from review.tree import ROOT

NPM = "npm:"
# Where changes are listed, in the words of packages; else their sources, else their page.
TELLING = (r"change|history|release|news|what.?s.?new", r"source|repository|code|github", r"home")
# In which folder that is, of which release notes are a part.
GITHUB = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+?(?=\.git$|/?$)")


def compared(now: Read, base: Read | None, root: Path = ROOT) -> Mapping[str, Any]:
    """Compare the packages by name; several locked versions of one are a comma-separated list.

    One that comes has nothing ``before``, one that goes nothing ``after``. ``told`` is the address
    of its changes; empty if it is not known.
    """
    locks = [str(file.relative_to(root)) for each in (*PYTHON, *NODE) for file in root.glob(each)]
    current = _versions(now, locks)
    before = current if base is None else _versions(base, locks)
    differ = sorted(name for name in current | before if current.get(name) != before.get(name))
    return {
        "components": len(current),
        "changed": [
            {"name": name, "before": before.get(name, ""), "after": current.get(name, "")}
            | {"told": told(name, root) if name in current else ""}
            for name in differ
        ],
    }


def told(name: str, root: Path) -> str:
    """Return where the changes of an installed package are listed; empty if nobody says."""
    addresses = _of_npm(name, root) if name.startswith(NPM) else _of_python(name, root)
    for words in TELLING:
        for label, address in addresses.items():
            if re.search(words, label, re.IGNORECASE) and address.startswith("https://"):
                found = GITHUB.match(address)
                return f"{found[0]}/releases" if found else address
    return ""


def _of_npm(name: str, root: Path) -> Mapping[str, str]:
    for lock in NODE:
        folder = (root / lock).parent / "node_modules" / name.removeprefix(NPM)
        if not (file := folder / "package.json").is_file():
            continue
        package = json.loads(file.read_text())
        source = package.get("repository", "")
        url = source.get("url", "") if isinstance(source, dict) else source
        return {"source": url.removeprefix("git+"), "home": package.get("homepage", "")}
    return {}


def _of_python(name: str, root: Path) -> Mapping[str, str]:
    folders = map(str, root.glob(".*venv/lib/python*/site-packages"))
    for found in distributions(name=name, path=[*folders]):
        urls = [text.split(", ", 1) for text in found.metadata.get_all("Project-URL") or ()]
        return {**dict(urls), "home": (found.metadata.get_all("Home-page") or [""])[0]}
    return {}


def _versions(read: Read, locks: Iterable[str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for lock in locks:
        of = NPM if lock.endswith(".json") else ""
        for name, entry in entries(lock, read(lock)):
            if name != SETTINGS:
                version = entry["locked"].partition(" ")[0]
                found.setdefault(of + name.rpartition("node_modules/")[2], set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}
