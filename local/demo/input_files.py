"""Files to send: their keys, and the outcome expected of the samples."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import naming
from local.errors import LocalCloudError
from local.paths import REPOSITORY

SAMPLES = REPOSITORY / "samples"
EXPECTED = "expected.json"


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """The expected outcome of a file; ``rejected`` has reason codes by row."""

    status: str
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rejected: Mapping[int, str]
    failure: Mapping[str, str | int]


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file and where it goes; ``expected`` is ``None`` if the outcome is not known in advance."""

    path: Path
    key: str
    region: str = naming.PRIMARY
    expected: Expected | None = None


def sample_files(folder: Path = SAMPLES) -> list[File]:
    """Return the committed samples, with those for the standby's bucket among them."""
    entries = json.loads((folder / EXPECTED).read_bytes())
    return [
        File(
            path=folder / entry["key"],
            key=entry["key"],
            region=entry["region"],
            expected=Expected(
                status=entry["status"],
                rows_read=entry["rowsRead"],
                rows_accepted=entry["rowsAccepted"],
                rows_rejected=entry["rowsRejected"],
                rejected={int(row): code for row, code in entry["rejected"].items()},
                failure=entry["failure"],
            ),
        )
        for entry in entries
    ]


def own_files(paths: Sequence[Path]) -> list[File]:
    """Return the files at ``paths``; in a folder, the path below the folder is the key.

    The first folder of a key is the dataset, so a file without one gets the name of its parent
    folder: ``orders/mine.csv`` keeps that key whether the file or its folder is given. Hidden files
    are left out. Raises ``LocalCloudError`` when a path does not exist, or when there are no files.
    """
    files = [file for path in paths for file in _files_of(path.resolve())]
    if not files:
        raise LocalCloudError(f"no files in {', '.join(map(str, paths))}")
    return files


def _files_of(path: Path) -> Iterator[File]:
    if not path.exists():
        raise LocalCloudError(f"{path} does not exist")
    if path.is_file():
        yield File(path=path, key=f"{path.parent.name}/{path.name}")
        return
    for found in sorted(path.rglob("*")):
        below = found.relative_to(path)
        if found.is_file() and not any(part.startswith(".") for part in below.parts):
            key = below if len(below.parts) > 1 else Path(path.name) / below
            yield File(path=found, key=key.as_posix())
