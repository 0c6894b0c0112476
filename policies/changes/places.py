"""Files that no table knows: of another kind than their neighbours, or in a new folder."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from policies import patterns
from policies.changes.sources import content
from policies.scan.secrets import files

NAME = "unknown"
KNOWN = re.compile("|".join(patterns.beside(__file__)["known"]))


def unknown(root: Path, compared: Collection[str]) -> Mapping[str, str]:
    """Return what each file says that is neither known nor ``compared``, or where a link leads."""
    found = ((name, root / name) for name in sorted(files(root, links=True)))
    return {
        name: f"a link to {path.readlink()}" if path.is_symlink() else content(path)
        for name, path in found
        if path.is_symlink() or not (name in compared or KNOWN.fullmatch(name))
    }
