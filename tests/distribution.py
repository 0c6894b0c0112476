"""Which process runs which file, so that all cores are busy while tests wait for a cloud.

A test of the deployed whole waits for about half of its time, and a cloud costs many seconds: so
some processes have one each, and the others take the files that need none. What computes gives way
to what waits, for nothing is done sooner if a test of a cloud ends later than it could. Both kinds
of files begin with those in ``FIRST``. Those that need a cloud go on with the ones of few tests,
which are the long ones; the others with the ones of many. No long one is to begin when everything
else is done.
"""

import os

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

CLOUDS = 3
WITH_CLOUD = "tests/e2e/"
NICENESS = 5
# Their commands are about all that is stored, so they take the longer the more there is; then the
# longest, as far as that is known; then those without a cloud that take long for few tests.
FIRST = (
    *(
        f"{WITH_CLOUD}test_{name}.py"
        for name in (
            *("demo", "pages", "reconcile", "people", "failover"),
            *("redrive", "large_files", "disturbances", "failed_creations", "lifecycle"),
            *("canary", "dead_letters", "preflight", "corrections", "files", "identity"),
        )
    ),
    "tests/infra/test_synthesis.py",
    *(f"tests/policy/changes/test_{name}.py" for name in ("contracts", "contracts_since")),
    "tests/policy/review/test_command.py",
)


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
        # The queue begins with the files of most tests.
        with_cloud = [file for file in reversed(self.workqueue) if file.startswith(WITH_CLOUD)]
        others = [file for file in self.workqueue if file not in with_cloud]
        files = with_cloud if with_cloud and has_cloud(node.gateway.id) else others
        return next((file for file in (*FIRST, *files) if file in files), "")


def has_cloud(process: str) -> bool:
    """Return whether a process, which xdist calls gw0, gw1 and so on, may have a cloud."""
    return int(process.removeprefix("gw")) < CLOUDS


def give_way(process: str) -> None:
    """Let the cores be for others first, from now on, if this is a process without a cloud."""
    if not has_cloud(process):
        os.nice(NICENESS)
