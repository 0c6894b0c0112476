import hashlib
from collections.abc import Iterable
from pathlib import Path

SKIPPED_FOLDERS = {"__pycache__"}


def of_files(root: Path, files: Iterable[Path]) -> str:
    """One digest over names (relative to ``root``) and bytes, whatever the order of ``files``."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file.relative_to(root)}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def of_assembly(assembly: Path) -> str:
    """Digest of what would be deployed: templates name the code by its own digest."""
    patterns = ("*.template.json", "*.assets.json")
    return of_files(assembly, (f for pattern in patterns for f in assembly.rglob(pattern)))


def of_sources(root: Path, names: Iterable[str]) -> str:
    """Digest of the files and folders ``names`` below ``root``; an absent one counts as empty."""
    return of_files(root, (file for name in names for file in _files(root / name)))


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [
        file for file in path.rglob("*") if file.is_file() and not SKIPPED_FOLDERS & set(file.parts)
    ]
