"""``python -m review.tree``: the digest of the sources, by which results say what they are of."""

import hashlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from policies.scan.secrets import files

ROOT = Path(__file__).resolve().parents[1]


def digest(root: Path = ROOT) -> str:
    """Return a digest of the names and contents of all sources, uncommitted ones included."""
    told = "".join(f"{name}\0{own}\n" for name, own in sorted(contents(root).items()))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def contents(root: Path) -> Mapping[str, str]:
    """Return the digest of each source's contents."""
    files = {name: root / name for name in _names(root) if (root / name).is_file()}
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()}


def _names(root: Path) -> Iterator[str]:
    """Yield the files that git knows or would add; without git, all that no tool has made."""
    if (root / ".git").exists():
        which = ("-z", "--cached", "--others", "--exclude-standard")
        git = ["git", "-C", str(root), "ls-files", *which]
        listed = subprocess.run(git, capture_output=True, text=True, check=True).stdout  # noqa: S603  # fixed arguments
        yield from filter(None, listed.split("\0"))
    else:
        yield from files(root)


if __name__ == "__main__":
    print(digest())
