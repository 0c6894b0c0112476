"""Work that can be interrupted at any moment and run again: steps that look before they act.

A step looks whether what it is for is so already, acts if it is not, and looks until it is seen.
Nothing is remembered between runs, so that a second run, or one after ``kill -9``, finds what is
done. A step that can only be tried (an upload, a canary) is tried again by each run.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from ops.errors import FindingError
from ops.progress import duration, pulse
from ops.waiting import WaitError, wait_for


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What a step sees: whether all is as wanted, and in words what is so."""

    done: bool
    seen: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: ``look`` changes nothing, and ``act`` may be repeated.

    ``wanted`` says what is so afterwards. If that is a matter of waiting, ``limit_s`` counts from
    the last change of what is seen. A step that is ``forcible`` may be passed by with what it sees.
    """

    name: str
    wanted: str
    look: Callable[[], Sight]
    act: Callable[[], None] = lambda: None
    limit_s: float = 0.0
    poll_s: float = 1.0
    forcible: bool = False


Tell = Callable[[Step, str], None]


class Outcome(StrEnum):
    """How a step ended; the words are stable."""

    FOUND = "ok"  # it was so before
    DONE = "done"
    FORCED = "forced"  # it is not so, and the operator goes on
    FAILED = "failed"
    OPEN = "open"  # it was only looked at


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of a step."""

    step: Step
    outcome: Outcome
    seen: str
    seconds: float


def trial(name: str, wanted: str, attempt: Callable[[], str], *, forcible: bool = False) -> Step:
    """Return a step that nothing but an attempt can tell about; it returns what it has seen.

    An attempt that does not succeed raises :class:`~ops.errors.FindingError`.
    """
    succeeded: list[str] = []

    def look() -> Sight:
        return Sight(done=bool(succeeded), seen=succeeded[0] if succeeded else "not tried yet")

    def act() -> None:
        succeeded.append(attempt())

    return Step(name=name, wanted=wanted, look=look, act=act, forcible=forcible)


def untold(step: Step, seen: str) -> None:
    """Tell nobody."""


def take(steps: Sequence[Step], *, force: bool, tell: Tell = untold) -> Iterator[Result]:
    """Take the steps in turn, up to the first that fails; yield what became of each.

    With ``force``, a step that is forcible and does not succeed does not end it. ``tell`` is called
    with what is seen before a step acts, and while it waits, whenever that has changed.
    """
    for step in steps:
        started_s = time.monotonic()
        with pulse(partial(_lasting, step.name)):
            outcome, seen = _take(step, tell)
        if outcome is Outcome.FAILED and step.forcible and force:
            outcome = Outcome.FORCED
        seconds = round(time.monotonic() - started_s, 1)
        yield Result(step=step, outcome=outcome, seen=seen, seconds=seconds)
        if outcome is Outcome.FAILED:
            return


def finish(step: Step) -> Result:
    """Take one step; raise ``FindingError`` if it fails."""
    [result] = take([step], force=False)
    if result.outcome is Outcome.FAILED:
        raise FindingError(f"{step.name}: {result.seen}")
    return result


def survey(steps: Sequence[Step]) -> Iterator[Result]:
    """Look at every step and do nothing."""
    for step in steps:
        sight = step.look()
        outcome = Outcome.FOUND if sight.done else Outcome.OPEN
        yield Result(step=step, outcome=outcome, seen=sight.seen, seconds=0.0)


def _lasting(name: str, elapsed_s: float) -> str:
    return f"{name:14} ...    {duration(elapsed_s)}"


def _take(step: Step, tell: Tell) -> tuple[Outcome, str]:
    last = step.look()
    if last.done:
        return Outcome.FOUND, last.seen
    tell(step, last.seen)

    def is_done() -> bool:
        nonlocal last
        before, last = last, step.look()
        if not last.done and last != before:
            tell(step, last.seen)
        return last.done

    try:
        step.act()
        wait_for(is_done, "", limit_s=step.limit_s, poll_s=step.poll_s, state=lambda: last.seen)
    except FindingError as error:
        return Outcome.FAILED, str(error)
    except WaitError:
        return Outcome.FAILED, last.seen
    return Outcome.DONE, last.seen
