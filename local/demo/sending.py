from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from local.demo.delivery import Delivery, deliver
from local.demo.files import File
from local.demo.regions import Region


class Sending:
    """Uploads files one after another, while the caller goes on watching those it has sent."""

    def __init__(self, files: Sequence[File], regions: Mapping[str, Region]) -> None:
        self._waiting = deque(files)
        self._regions = regions
        self._threads = ThreadPoolExecutor(max_workers=1)
        self._current: Future[Delivery] | None = None

    @property
    def is_over(self) -> bool:
        return not self._waiting and self._current is None

    def finished(self) -> Delivery | None:
        """The file whose upload has just ended, once; an upload's error is raised here."""
        if self._current is None or not self._current.done():
            return None
        delivery = self._current.result()
        self._current = None
        return delivery

    def begin_next(self) -> None:
        if self._waiting and self._current is None:
            file = self._waiting.popleft()
            self._current = self._threads.submit(deliver, file, self._regions[file.region])
