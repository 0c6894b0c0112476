"""Draining a queue of failures: every letter is handled, a few at a time, until none is left.

The queue is the only state. A letter is received and hidden, handled, and only then deleted, or
copied to the quarantine and then deleted; one that may succeed later stays. Killed at any point,
the command has lost nothing: what it held is visible again when its lease ends, and the next run
finds what was done by looking, because handling a letter twice changes nothing.

Work is linear in the number of letters. Nothing is put back into a queue that is being drained, so
it ends; memory holds the letters under way, and the ids of those that stay.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import NamedTuple

from ops import queues
from ops.output import counted
from ops.redriving import letters
from ops.redriving.causes import Fate, Outcome
from ops.redriving.leases import LEASE_S, Leases
from ops.redriving.letters import Letter
from ops.redriving.quarantine import Destination
from ops.region import Region

AT_ONCE = 8
_WAIT_S = 1  # for a letter to come
# So many empty answers after the end of a lease mean that somebody keeps what is hidden.
_PATIENCE = 5
_SAID_AFTER = 2

Handle = Callable[[Letter], Outcome]
Handled = tuple[Letter, Outcome]
# Decides about all letters that were deferred, in their order.
Finish = Callable[[Sequence[Handled]], Outcome]


def no_letter_is_deferred(_: Sequence[Handled]) -> Outcome:
    """Finish a run whose letters are decided one by one."""
    raise AssertionError("unreachable")


class Source(NamedTuple):
    """A queue to be drained: its name in the quarantine, and its URL."""

    name: str
    url: str


class Drain:
    """One run over one queue; ``held_elsewhere`` is how many letters somebody else kept hidden."""

    def __init__(
        self,
        region: Region,
        source: Source,
        *,
        limit: int | None,
        at_once: int = AT_ONCE,
        say: Callable[[str], object],
    ) -> None:
        self._region = region
        self._source = source
        self._limit = limit
        self._at_once = at_once
        self._say = say
        self._leases = Leases(region, source.url)
        self._quarantine = Destination(region, region.quarantine_url)
        self.held_elsewhere = 0

    def run(self, handle: Handle, finish: Finish = no_letter_is_deferred) -> Iterator[Handled]:
        """Handle every letter, at most ``limit`` that are not left alone; yield each when settled.

        Letters that ``handle`` defers stay hidden until ``finish`` decides about all of them. An
        error of either ends the run after the letters under way.
        """
        with ExitStack() as ending:
            ending.callback(self._leases.end)
            ending.enter_context(self._leases.renewed())
            pool = ending.enter_context(ThreadPoolExecutor(self._at_once))
            deferred: list[Handled] = []
            for letter, outcome in self._run(pool, handle):
                if outcome.fate is Fate.DEFERRED:
                    deferred.append((letter, outcome))
                else:
                    yield letter, outcome
            if deferred:
                fate, _, _, after, note = finish(deferred)
                for letter, outcome in deferred:
                    decided = outcome._replace(fate=fate, after=after, note=note)
                    yield letter, self._settled(letter, decided)

    def _run(self, pool: ThreadPoolExecutor, handle: Handle) -> Iterator[Handled]:
        running: set[Future[Handled]] = set()
        done, empty = 0, 0
        while True:
            most = self._at_once - len(running)
            if self._limit is not None:
                most = min(most, self._limit - done - len(running))
            found = self._leases.take(most, wait_s=_WAIT_S) if most > 0 else []
            running |= {pool.submit(self._handle, handle, letters.read(each)) for each in found}
            empty = 0 if found or running else empty + 1
            if not running and (most <= 0 or not self._may_come(empty)):
                return
            is_full = len(running) == self._at_once or most <= 0
            ended, running = wait(
                running, timeout=None if is_full else 0, return_when=FIRST_COMPLETED
            )
            for each in ended:
                letter, outcome = each.result()
                done += outcome.fate is not Fate.LEFT
                yield letter, outcome

    def _handle(self, handle: Handle, letter: Letter) -> Handled:
        return letter, self._settled(letter, handle(letter))

    def _settled(self, letter: Letter, outcome: Outcome) -> Outcome:
        if outcome.fate is Fate.QUARANTINED:
            self._quarantine.add(letter, self._source.name, outcome.after or outcome.cause)
        if outcome.fate in (Fate.THROUGH, Fate.QUARANTINED):
            self._leases.remove(letter.message)
        elif outcome.fate is not Fate.DEFERRED:
            self._leases.keep(letter.message)
        return outcome

    def _may_come(self, empty: int) -> bool:
        """Return whether letters are left that are not held here, and are worth waiting for."""
        left = sum(queues.depth(self._region, self._source.url)) - len(self._leases)
        self.held_elsewhere = max(0, left)
        if left > 0 and empty == _SAID_AFTER:
            held = counted(left, "letter")
            self._say(f"waiting for {held} that another command has in hand, or had when it ended")
        # As long as a command that was killed while it looked at all of them hides them.
        return left > 0 and empty < LEASE_S + left // queues.READ_PER_S + _PATIENCE
