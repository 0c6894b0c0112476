"""Which calls and deliveries meet which fault: decided by rules, counts and a seed."""

import random
import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

ANY = ".*"
# A delivery's ``service``; its ``operation`` is the function's name.
ASYNCHRONOUS, STREAM, RUN = "asynchronous", "stream", "run"


class Fault(StrEnum):
    """What can happen to a call, or to a delivery."""

    # To calls.
    RESET = "reset"  # the connection breaks, and nothing was done
    UNAVAILABLE = "unavailable"  # 503, and nothing was done
    HUNG = "hung"  # no answer until the plan changes; then the connection breaks
    THROTTLED = "throttled"  # the service's own error, and nothing was done
    ANSWER_LOST = "answer-lost"  # it was done, and the connection breaks
    ANSWER_HELD = "answer-held"  # it was done; then like HUNG
    CUT_OFF = "cut-off"  # it was done; the first half of the body, with the answer's own status
    # To deliveries.
    DOUBLED = "doubled"
    DELAYED = "delayed"  # an asynchronous one, by up to ``seconds``, so that others overtake it
    REORDERED = "reordered"  # records of a stream's batch; those of one item keep their order
    HELD = "held"  # the function does not run until the plan changes


class Place(NamedTuple):
    """Where something happens: a region, a service, its operation, and who asks for it.

    A caller is known by its user agent; a delivery has none.
    """

    region: str
    service: str
    operation: str
    caller: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A fault, and what meets it: regular expressions for the whole of each part of a place.

    Of the matching calls or deliveries the first ``skip`` are spared; of the others it meets a
    ``share``, at most ``times`` of them.
    """

    fault: Fault
    region: str = ANY
    service: str = ANY
    operation: str = ANY
    caller: str = ANY
    share: float = 1.0
    skip: int = 0
    times: int | None = None
    seconds: float = 0.0

    def matches(self, place: Place) -> bool:
        wanted = (self.region, self.service, self.operation, self.caller)
        return all(
            one == ANY or re.fullmatch(one, other) for one, other in zip(wanted, place, strict=True)
        )


class Met(NamedTuple):
    """A rule that applies, and a number from 0 to 1 for what is left to chance."""

    rule: Rule
    luck: float


class Schedule:
    """Decides about one call or delivery after the other; thread-safe.

    The n-th thing that matches a rule has the same fate whenever seed and rules are the same,
    whatever the other rules meet. Which request is the n-th depends on timing.
    """

    def __init__(self, seed: int = 0, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._dice = [random.Random(f"{seed}/{n}") for n in range(len(self.rules))]  # noqa: S311
        self._seen = [0] * len(self.rules)
        self._met = [0] * len(self.rules)
        self._lock = threading.Lock()

    def __bool__(self) -> bool:
        return bool(self.rules)

    @property
    def met(self) -> list[int]:
        """How often each rule has applied."""
        return list(self._met)

    def fault(self, place: Place) -> Met | None:
        """Return the first rule that applies, or ``None``."""
        with self._lock:
            found = [
                (n, Met(rule, luck))
                for n, rule in enumerate(self.rules)
                if rule.matches(place) and (luck := self._throw(n)) is not None
            ]
            if not found:
                return None
            n, met = found[0]
            self._met[n] += 1
            return met

    def _throw(self, n: int) -> float | None:
        """Return the luck of what rule ``n`` matches next, or ``None`` if it is spared."""
        rule, dice = self.rules[n], self._dice[n]
        chance, luck = dice.random(), dice.random()
        self._seen[n] += 1
        spared = self._seen[n] <= rule.skip or chance >= rule.share
        used_up = rule.times is not None and self._met[n] >= rule.times
        return None if spared or used_up else luck
