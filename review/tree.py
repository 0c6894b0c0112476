"""``python -m review.tree``: the digest of the sources, by which results say what they are of."""

import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

from policies.scan.secrets import files

ROOT = Path(__file__).resolve().parents[1]


def digest(root: Path = ROOT) -> str:
    """Return a digest of the names and contents of all sources, uncommitted ones included."""
    found = hashlib.sha256()
    for name in sorted({*names(root)}):
        file = root / name
        if file.is_file():
            found.update(f"{name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def names(root: Path) -> Iterator[str]:
    """Yield the files that git knows or would add; without git, all that no tool has made."""
    if (root / ".git").exists():
        git = [
            "git",
            "-C",
            str(root),
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]
        listed = subprocess.run(git, capture_output=True, text=True, check=True).stdout  # noqa: S603  # fixed arguments
        yield from filter(None, listed.split("\0"))
    else:
        yield from files(root)


if __name__ == "__main__":
    print(digest())
