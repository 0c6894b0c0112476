"""Which process runs which file, so that all cores are busy while tests wait for a cloud.

A test of the deployed whole waits for about half of its time, and a cloud costs many seconds: so
two processes have one each, and the others take the files that need none. Of the files that need
one, those of few tests come first: these tests are the long ones, and none is to begin when
everything else is done.
"""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

CLOUDS = 2
WITH_CLOUD = "tests/e2e/"


class SideBySide(LoadFileScheduling):  # type: ignore[misc]  # xdist ships no types
    """Gives each process whole files, and a process without a cloud only those that need none."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        file = self._next(node)
        if file:
            self.workqueue.move_to_end(file, last=False)
            super()._assign_work_unit(node)
        else:
            node.shutdown()  # once it has done what it has

    def _next(self, node: WorkerController) -> str:
        """Return the file that the process is to run, or nothing if there is none for it."""
        with_cloud = [file for file in self.workqueue if file.startswith(WITH_CLOUD)]
        if with_cloud and node in self.nodes[:CLOUDS]:
            return str(with_cloud[-1])  # the queue begins with the files of most tests
        return next((file for file in self.workqueue if file not in with_cloud), "")
