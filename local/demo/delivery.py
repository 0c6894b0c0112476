"""Uploads: the files sent, where to, and the object versions they became."""

import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from local.demo.input_files import File
from ops import files
from ops.files import FileVersion
from ops.region import Region


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One upload of a file; ``started_s`` is the monotonic time at which it began."""

    file: File
    stored: FileVersion
    started_s: float


def deliver(file: File, region: Region) -> Delivery:
    """Upload a file to the region's bucket; every call makes another version."""
    started_s = time.monotonic()
    with file.path.open("rb") as body:
        stored = files.put(region, file.key, body)
    return Delivery(file=file, stored=stored, started_s=started_s)


class Uploads:
    """Uploads files in a thread, one after another, each when the caller asks for it."""

    def __init__(self, files: Sequence[File], regions: Mapping[str, Region]) -> None:
        self._waiting = deque(files)
        self._regions = regions
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._current: Future[Delivery] | None = None

    @property
    def are_done(self) -> bool:
        """Return whether every file has been uploaded and returned by ``finished``."""
        return not self._waiting and self._current is None

    def start_next(self) -> None:
        """Start the next upload, if there is one and none is running."""
        if self._waiting and self._current is None:
            file = self._waiting.popleft()
            self._current = self._threads.submit(deliver, file, self._regions[file.region])

    def finished(self) -> Delivery | None:
        """Return the upload that has just ended, once; raise its error if it failed."""
        if self._current is None or not self._current.done():
            return None
        delivery = self._current.result()
        self._current = None
        return delivery
