"""Secrets in files that would be committed, found by their format; no provider is asked."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from policies.command_line import Undetermined
from policies.scan import tools

# Build products, repeated from .gitignore: the pipeline has no git to ask. Some are in any folder.
IN_ROOT = ("build", "cdk.out", "mutants")
ANYWHERE = re.compile(
    r"node_modules|__pycache__|\.git|\.hypothesis|\.(mypy|pytest|ruff)_cache"
    r"|\.((bench|cloud|lambda|ops|proofs|scan|unit)-)?venv"
)
# What betterleaks leaves out if nothing else is said, such as lock files; installed ones still are.
LEFT_OUT = re.compile(r"^prefilter = '''.*?^'''$", re.DOTALL | re.MULTILINE)
INSTALLED = """prefilter = 'matchesAny(attributes["path"], [`/node_modules/`])'"""
OPTIONS = ("--no-banner", "--no-color", "--redact", "--log-level=error", "--jsonl", "--output=-")


def find(root: Path) -> Iterator[tools.Row]:
    """Yield every secret below ``root``; raise ``Undetermined`` if not all of it was scanned."""
    known = tools.output("betterleaks", "config", "show", "toml", root=root)
    whole, found = LEFT_OUT.subn(INSTALLED, known)
    if not found:
        raise Undetermined("betterleaks does not say any more which files it leaves out")
    with NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(whole)
        config.flush()
        options = (f"--config={config.name}", *OPTIONS, *_sources(root))
        lines = tools.output("betterleaks", *options, root=root).splitlines()
    rows = [json.loads(line) for line in lines if line.startswith("{")]
    if not any(row.get("scan", {}).get("state") == "complete" for row in rows):
        raise Undetermined("betterleaks did not scan everything")
    for row in rows:
        if found := row.get("finding"):
            place = found["location"]
            message = f"{found['description']} Remove it, and revoke it where it was issued."
            yield found["rule_id"], place["path"], place["start_line"], message


def _sources(root: Path) -> list[str]:
    """Return as few arguments as possible: each costs the tool the time of a hundred files."""
    found = (path for path in sorted(root.iterdir()) if path.name not in IN_ROOT)
    return [str(path) for path in found if not ANYWHERE.fullmatch(path.name)]


def files(root: Path, *, links: bool = False) -> Iterator[str]:
    """Yield the names of all files, or also of ``links`` to folders, that no tool has made."""
    for folder, below, names in os.walk(root):
        made = IN_ROOT if Path(folder) == root else ()
        below[:] = sorted(n for n in below if n not in made and not ANYWHERE.fullmatch(n))
        names += [each for each in below if links and Path(folder, each).is_symlink()]
        yield from (str(Path(folder, name).relative_to(root)) for name in sorted(names))
