"""What the page shows, looked up in the background while somebody watches.

A look takes a second, or a quarter of a minute while a region hangs, and a page does not wait for
it: it gets the latest snapshot, and whoever asks when that is too old starts the next look. There
is one look at a time, and none while nobody asks.
"""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from ops.console import drill_report, executions, figures
from ops.console.activity import Activity, ActivityReader
from ops.console.drill_report import Drill
from ops.console.executions import Execution
from ops.console.figures import Figures, Hourly
from ops.console.listening import Ear, Hearing, listening
from ops.console.throughput import Rate, Throughput
from ops.region import Region
from ops.status.asking import Asker
from ops.status.reasons import answer_to
from ops.status.status import Status
from ops.status.survey import Survey

EVERY_S = 2.0
_LIMIT_S = 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """Everything that a page shows; mappings are by region.

    In ``executions``, a text says why there are none; ``hearing`` is there if somebody listens.
    """

    status: Status
    activity: Activity
    figures: Mapping[str, Figures] = field(default_factory=dict)
    executions: Mapping[str, Sequence[Execution] | str] = field(default_factory=dict)
    rates: Sequence[Rate] = ()
    drill: Drill = field(default_factory=Drill)
    hearing: Hearing | None = None


class Feed:
    """Takes snapshots with one survey."""

    def __init__(self, survey: Survey, drill: Path = drill_report.FILE) -> None:
        self._survey = survey
        self._drill = drill
        self._activity = ActivityReader()
        self._hourly = Hourly()
        self._figures: Asker[str, Figures] = Asker()
        self._executions: Asker[str, Sequence[Execution]] = Asker()
        self._throughput = Throughput()
        self._latest: Snapshot | None = None
        self._taken_s = float("-inf")
        self._looking = threading.Lock()
        self._ear: Ear | None = None

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Hear the events of the regions that answer now, until the block ends."""
        status = self.take().status  # which finds the regions
        regions = self._survey.regions
        answering = {name: each for name, each in regions.items() if not status.is_silent(name)}
        with listening(answering) as self._ear:
            yield

    def take(self, *, marker: bool = False) -> Snapshot:
        """Look now, and return the new snapshot."""
        status = self._survey.look(marker=marker)
        regions = self._survey.regions
        activity = self._activity.read(regions, status)
        answering = {name: each for name, each in regions.items() if not status.is_silent(name)}
        self._throughput.add(status.at, activity)
        return Snapshot(
            status=status,
            activity=activity,
            figures=self._read_figures(answering),
            executions=self._read_executions(answering),
            rates=tuple(self._throughput.rates),
            drill=drill_report.last_drill(self._drill),
            hearing=self._ear.hearing() if self._ear else None,
        )

    def latest(self) -> Snapshot | None:
        """Return the last snapshot, none before the first, at once; start a look if one is due."""
        if time.monotonic() - self._taken_s >= EVERY_S and self._looking.acquire(blocking=False):
            threading.Thread(target=self._look, daemon=True).start()
        return self._latest

    def _look(self) -> None:
        try:
            self._latest = self.take()
        finally:
            self._taken_s = time.monotonic()
            self._looking.release()

    def _read_figures(self, regions: Mapping[str, Region]) -> dict[str, Figures]:
        due = {
            name: partial(figures.read, region)
            for name, region in regions.items()
            if self._hourly.due(name)
        }
        for name, found in self._figures.ask(due, _LIMIT_S).items():
            self._hourly.keep(name, found)
        return {name: self._hourly.of(name) for name in regions}

    def _read_executions(
        self, regions: Mapping[str, Region]
    ) -> dict[str, Sequence[Execution] | str]:
        questions = {name: partial(executions.newest, each) for name, each in regions.items()}
        answers = self._executions.ask(questions, _LIMIT_S)
        return {
            name: answer_to(found).says if isinstance(found, Exception) else found
            for name, found in answers.items()
        }
