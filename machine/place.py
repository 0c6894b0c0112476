"""What is wrong with a place for files: ``python -m machine.place FOLDER``, after a failure."""

import os
import shutil
import sys
from pathlib import Path

from machine import faults

LOW_BYTES = 100_000_000


def explain(folder: Path) -> str:
    """Return why files can hardly be written to ``folder``, and the remedy; nothing if they can."""
    place = folder.absolute()
    while not place.exists():
        place = place.parent
    if os.statvfs(place).f_flag & os.ST_RDONLY:
        return faults.explain("EROFS")
    if not os.access(place, os.W_OK):
        return faults.explain("EACCES")
    if shutil.disk_usage(place).free < LOW_BYTES:
        return faults.explain("ENOSPC")
    return ""


def main(folder: str) -> int:
    """Print one sentence if something is wrong; return 1, because something has failed."""
    if reason := explain(Path(folder)):
        print(f"error: nothing can be written to {folder}: {reason}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
