"""A second of many functions, a millisecond at a time: every write by itself, in virtual time.

A large installation is simulated by a share of it: so many of the functions with their share of
the partitions, shards and quotas. Functions and partitions are alike, so a share shows how each of
them behaves; the totals are divided by the share.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from simulation import quotas
from simulation.announcer import Announcer, Consumer
from simulation.table import Table
from simulation.writers import Limiter, Speed, Unlimited, Writer, paced

STEP_S = 0.001
STEPS_PER_SAMPLE = 100
# The consumer is looked at as often; its batches take longer.
STEPS_PER_ANNOUNCEMENT = 10
COLD_START_S = 0.3


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What is simulated: the whole installation, and the ``share`` of it that is run."""

    functions: int
    rows_each: int
    seconds: float
    speed: Speed
    limits: quotas.Quotas
    consumer: Consumer
    consumer_executions: int
    shards: int | None = 64
    kib: int = 1
    share: float = 1.0
    is_paced: bool = True
    seed: int = 1


@dataclass(kw_only=True)
class Sample:
    """What happened in a tenth of a second, a second, of the whole installation."""

    second: float
    sent: float
    stored: float
    refused: float
    announced: float
    waiting: float


@dataclass(kw_only=True)
class Outcome:
    """The end of a run; rows and changes are those of the share that was run."""

    samples: list[Sample] = field(default_factory=list)
    rows: int = 0
    unsent: int = 0
    underway: int = 0
    written: int = 0
    slowest_share: float = 0.0  # rows of the slowest function for one of the fastest
    taken: int = 0
    refused: int = 0
    refused_by_index: int = 0
    waiting: int = 0
    announced: int = 0
    seconds: float = 0.0

    def steady(self, after_s: float) -> tuple[float, float]:
        """Return the stored rows a second and the refused share of the writes from a time on."""
        late = [each for each in self.samples if each.second >= after_s]
        sent, stored = (sum(getattr(each, name) for each in late) for name in ("sent", "stored"))
        refused = sum(each.refused for each in late)
        return (stored / len(late) if late else 0.0), (refused / sent if sent else 0.0)


class Run:
    """One simulation; the same setup gives the same outcome."""

    def __init__(self, setup: Setup, *, stored: Callable[[int, int], None] | None = None) -> None:
        self._setup = setup
        self._now_s = 0.0
        self._order = random.Random(setup.seed)  # noqa: S311  # chance that repeats
        self.table = Table(setup.limits, kib=setup.kib, shards=setup.shards, share=setup.share)
        number = max(1, round(setup.functions * setup.share))
        self.writers = [self._writer(each, stored) for each in range(number)]
        self.announcer = Announcer(
            setup.consumer,
            shards=len(self.table.changes),
            executions=setup.consumer_executions * setup.share,
            put_events=setup.limits.put_events * setup.share,
        )

    def __call__(self) -> Outcome:
        """Run until all is announced, or for the setup's time."""
        outcome, before = Outcome(), [0, 0, 0, 0]
        for step in range(round(self._setup.seconds / STEP_S)):
            self._now_s = step * STEP_S
            started = self._started()
            running = self.writers[:started]
            # Within a millisecond anyone may be first; else the first ones would take it all.
            self._order.shuffle(running)
            for writer in running:
                writer.step(self._now_s, STEP_S)
            if step % STEPS_PER_ANNOUNCEMENT == STEPS_PER_ANNOUNCEMENT - 1:
                self._announce()
            if step % STEPS_PER_SAMPLE == STEPS_PER_SAMPLE - 1:
                before = self._sample(outcome, before)
                if self._is_over():
                    break
        return self._ended(outcome)

    def _writer(self, number: int, stored: Callable[[int, int], None] | None) -> Writer:
        setup = self._setup
        limiter: Limiter = paced(lambda: self._now_s) if setup.is_paced else Unlimited()
        tell = {"stored": lambda row: stored(number, row)} if stored else {}
        return Writer(
            self.table,
            setup.speed,
            setup.rows_each,
            limiter=limiter,
            seed=setup.seed * 1_000_003 + number,
            **tell,
        )

    def _started(self) -> int:
        """Return how many functions run: Lambda adds its share of a hundred a second."""
        running_s = self._now_s - COLD_START_S
        if running_s < 0:
            return 0
        at_once = 1 + int(running_s * quotas.MORE_PER_S * self._setup.share)
        return min(len(self.writers), at_once, self._concurrency())

    def _concurrency(self) -> int:
        left = self._setup.limits.concurrency - self._setup.consumer_executions
        return max(1, round(left * self._setup.share))

    def _announce(self) -> None:
        for shard, changes in enumerate(self.table.changes):
            if changes:
                self.announcer.add(shard, changes)
                self.table.changes[shard] = 0
        self.announcer.step(STEP_S * STEPS_PER_ANNOUNCEMENT)

    def _sample(self, outcome: Outcome, before: list[int]) -> list[int]:
        sent = sum(writer.sent for writer in self.writers)
        now = [sent, self.table.taken, self.table.refused, self.announcer.announced]
        per_s = self._setup.share * STEP_S * STEPS_PER_SAMPLE
        rates = [(after - earlier) / per_s for after, earlier in zip(now, before, strict=True)]
        outcome.samples.append(
            Sample(
                second=round(self._now_s, 3),
                sent=rates[0],
                stored=rates[1],
                refused=rates[2],
                announced=rates[3],
                waiting=self.announcer.backlog / self._setup.share,
            )
        )
        return now

    def _is_over(self) -> bool:
        return all(writer.is_done for writer in self.writers) and not self.announcer.backlog

    def _ended(self, outcome: Outcome) -> Outcome:
        self._announce()
        outcome.rows = len(self.writers) * self._setup.rows_each
        outcome.underway = sum(writer.underway for writer in self.writers)
        written = [writer.written for writer in self.writers]
        outcome.written = sum(written)
        outcome.slowest_share = min(written) / (max(written) or 1)
        outcome.unsent = sum(writer.unsent for writer in self.writers)
        outcome.taken, outcome.refused = self.table.taken, self.table.refused
        outcome.refused_by_index = self.table.refused_by_index
        outcome.waiting, outcome.announced = self.announcer.backlog, self.announcer.announced
        outcome.seconds = self._now_s
        return outcome
