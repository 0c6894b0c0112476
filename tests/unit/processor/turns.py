from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Semaphore, Thread, local

_current = local()


class Killed(BaseException):
    """The function is stopped: nothing may catch this."""


@dataclass
class _Run:
    """One call in a thread of its own, which waits between two turns."""

    call: Callable[[], object]
    killed_at: int | None
    turns: int = 0
    is_over: bool = False
    problems: list[BaseException] = field(default_factory=list)
    may_go: Semaphore = field(default_factory=lambda: Semaphore(0))
    has_stopped: Semaphore = field(default_factory=lambda: Semaphore(0))

    def start(self) -> None:
        Thread(target=self._live, daemon=True).start()
        self.has_stopped.acquire()

    def take_turn(self) -> None:
        self.may_go.release()
        self.has_stopped.acquire()

    def wait_for_turn(self) -> None:
        self.has_stopped.release()
        self.may_go.acquire()
        self.turns += 1
        if self.turns == self.killed_at:
            raise Killed

    def _live(self) -> None:
        _current.run = self
        try:
            self.wait_for_turn()
            self.call()
        except Killed:
            pass
        except BaseException as problem:  # noqa: BLE001  # raised again by interleave
            self.problems.append(problem)
        finally:
            self.is_over = True
            self.has_stopped.release()


def wait_for_turn() -> None:
    """Wait for this run's turn; call it before every step that another run could see."""
    run = getattr(_current, "run", None)
    if run is not None:
        run.wait_for_turn()


def interleave(
    calls: Sequence[Callable[[], object]], *, killed_at: Sequence[int | None], order: Sequence[int]
) -> None:
    """Run all calls step by step, taking turns by ``order``; raise the first problem."""
    runs = [_Run(call, kill) for call, kill in zip(calls, killed_at, strict=True)]
    for run in runs:
        run.start()
    turn = 0
    while alive := [run for run in runs if not run.is_over]:
        drawn = order[turn % len(order)] if order else 0
        alive[drawn % len(alive)].take_turn()
        turn += 1
    for run in runs:
        for problem in run.problems:
            raise problem
