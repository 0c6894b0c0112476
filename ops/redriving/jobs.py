"""What there is to redrive in a region, queue by queue: to be looked at, and to be done."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

from ops import queues
from ops.redriving import letters
from ops.redriving.causes import Cause, Fate, Outcome, Tally, is_wanted
from ops.redriving.dead_letter import examine, redrive
from ops.redriving.drain import AT_ONCE, Drain, Finish, Source, no_letter_is_deferred
from ops.redriving.failed_batches import FailedBatches
from ops.redriving.late_changes import LOOK_BACK_HOURS
from ops.redriving.letters import Letter
from ops.redriving.quarantine import FAILURES, LETTERS
from ops.region import Region
from ops.waiting import Pace

WAITING = "waiting"  # the fate of a letter that was only looked at


@dataclass(frozen=True, kw_only=True)
class Job:
    """A queue of a region, and how its letters are looked at and handled."""

    region: Region
    source: Source
    examine: Callable[[Letter], tuple[Cause, str]]
    handle: Callable[[Letter], Outcome]
    finish: Finish = no_letter_is_deferred

    @property
    def size(self) -> int:
        """Return how many letters there are, as SQS estimates it."""
        return sum(queues.depth(self.region, self.source.url))


@dataclass(kw_only=True)
class Result:
    """What was seen or done of a job; ``held_elsewhere`` letters could not be received.

    ``error`` is what ended it early, if anything did.
    """

    job: Job
    tally: Tally = field(default_factory=Tally)
    held_elsewhere: int = 0
    error: str = ""

    @property
    def is_through(self) -> bool:
        """Return whether nothing is left that anybody asked for."""
        return not self.held_elsewhere and not any(
            self.tally.count(fate) for fate in (Fate.QUARANTINED, Fate.STAYS)
        )


def jobs(
    region: Region, only: str, rate: float, look_back_hours: int = LOOK_BACK_HOURS
) -> list[Job]:
    """Return the jobs of a region for the letters of one cause, or all if ``only`` is empty.

    At most ``rate`` invocations a second are begun. ``look_back_hours`` is for changes that are
    looked for in the table.
    """
    pace = Pace(rate).wait
    failed = FailedBatches(region, only=only, pace=pace, look_back_hours=look_back_hours)
    return [
        Job(
            region=region,
            source=Source(LETTERS, region.dead_letters_url),
            examine=partial(examine, region),
            handle=partial(redrive, region, only=only, pace=pace),
        ),
        Job(
            region=region,
            source=Source(FAILURES, region.stream_failures_url),
            examine=failed.examine,
            handle=failed.redrive,
            finish=failed.redrive_late,
        ),
    ]


def look(result: Result, only: str) -> Iterator[Letter]:
    """Count the letters that are wanted by cause, and leave the queue as it is; yield each one."""
    job = result.job
    with closing(queues.read_all(job.region, job.source.url)) as messages:
        for letter in map(letters.read, messages):
            cause, example = job.examine(letter)
            if is_wanted(cause, only):
                result.tally.add(cause, WAITING, letter.since, example)
            yield letter
    result.held_elsewhere = queues.depth(job.region, job.source.url).hidden


def drain(
    result: Result,
    limit: int | None,
    *,
    at_once: int = AT_ONCE,
    say: Callable[[str], object] = lambda _: None,
) -> Iterator[Letter]:
    """Handle the letters of a job; yield each one when it is settled; ``say`` why it waits."""
    job = result.job
    run = Drain(job.region, job.source, limit=limit, at_once=at_once, say=say)
    for letter, outcome in run.run(job.handle, job.finish):
        if outcome.fate is not Fate.LEFT:
            # Why it is not through now; if it is, why it was not before.
            after = None if outcome.fate is Fate.THROUGH else outcome.after
            result.tally.add(
                after or outcome.cause, outcome.fate, letter.since, outcome.example, outcome.note
            )
        yield letter
    result.held_elsewhere = run.held_elsewhere
