import hashlib
from pathlib import Path


def digests(folder: Path) -> dict[str, str]:
    """The content of an archive of ``folder``: each file's mode and the digest of its bytes."""
    return {
        str(file.relative_to(folder)): f"{file.stat().st_mode:o} {_digest(file)}"
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
