"""The folder that a project's builds run in: each finds what the last one installed there.

The first build finds an empty folder, as every build does on AWS. Later ones find it as with
CodeBuild's local cache, or each would spend a minute installing the same packages again.
"""

import filecmp
import json
from pathlib import Path


def refresh(workspace: Path, fresh: Path) -> None:
    """Replace the sources in ``workspace`` with those in ``fresh``; keep what builds made there.

    Files are moved, so ``fresh`` is used up. Unchanged files keep their times, so that ``make``
    sees what has changed.
    """
    listing = workspace.with_name(f"{workspace.name}.sources.json")
    before = json.loads(listing.read_text()) if listing.exists() else []
    sources = [path.relative_to(fresh) for path in fresh.rglob("*") if not _is_folder(path)]
    for name in set(before) - set(map(str, sources)):
        (workspace / name).unlink(missing_ok=True)
    for name in sources:
        _replace(fresh / name, workspace / name)
    listing.write_text(json.dumps(sorted(map(str, sources))))


def _replace(new: Path, old: Path) -> None:
    if _same(new, old):
        return
    old.parent.mkdir(parents=True, exist_ok=True)
    new.replace(old)


def _same(new: Path, old: Path) -> bool:
    if new.is_symlink() or old.is_symlink() or not old.is_file():
        return False
    return filecmp.cmp(new, old, shallow=False) and new.stat().st_mode == old.stat().st_mode


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
