"""How fast requests may be sent: as fast as possible, until the table refuses some of them.

How it works: answers are counted in intervals, and at the end of each the pace is judged by the
rate that got through. If requests were refused, the pace is set to that rate: a table that allows
1,000 writes a second is then sent 1,000. If the share that is refused is not smaller afterwards,
nor after another decrease, the refusals did not come from the pace. A server that refuses three of
ten requests at random is one that any slower pace only slows down. Then the former pace returns,
and that share of refusals counts as normal for a number of intervals that doubles each time. While
nothing is refused, the pace rises, by 2 % first and by twice the step before in each further
interval.

Other functions write to the same table, each with a pace of its own, and what one of them leaves
another one takes. So it is only the second decrease in vain that says anything: by then they have
slowed down as well, if the table was the reason. And while refusals count as normal the pace does
not rise, or all of them would take turns at calling a little more normal.

After a change, the answers to requests that were in the air do not count, so there is at most one
change in a round trip. Between two answers nothing happens but a comparison of two numbers; memory
is a few numbers. The worst case is a limit that moves faster than an interval: the pace is then
that of the interval before, and what is refused is sent again.
"""

import time
from collections.abc import Callable

# Long enough for a steady rate, short enough that a wrong pace wastes few requests.
INTERVAL_S = 0.05
# As long as most requests are refused.
SHORT_INTERVAL_S = 0.01
MIN_ANSWERS = 200
LONGEST_INTERVAL_S = 0.5
FIRST_STEP = 0.02
LONGEST_PATIENCE = 64
# A table that takes less than this a second is as good as one that takes nothing.
LOWEST_RATE = 100.0
# What was saved up while nothing was sent, in seconds; a poll is about that exact.
BURST_S = 0.005
# Few requests get through at the end of a file as well, when few are left to be sent.
LARGEST_DECREASE = 4
DECREASES_IN_VAIN = 2
# What is left of the refusals if the pace was the reason for them.
_MUCH_LESS = 0.5
_HARDLY_ANY = 0.01


class Pace:
    """Limits the rate of requests to what the table lets through."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self.rate = float("inf")  # requests a second
        self._allowance = 1.0
        self._allowed_at_s = clock_s()
        self._in_flight = self._unsettled = 0
        self._step = FIRST_STEP
        # Refused requests for each one that got through: what is normal whatever the pace, and
        # what it was before a decrease that is not judged yet.
        self._normal = self._former = 0.0
        self._former_rate = 0.0
        self._in_vain = 0  # decreases
        self._patience = self._normal_for = 0  # in intervals
        self._most_through = 0.0
        self._start_interval(clock_s())

    def pause_s(self) -> float:
        """Return the seconds until another request may be sent, 0 for now."""
        if self.rate == float("inf"):
            return 0.0
        now_s = self._clock_s()
        saved = self._allowance + (now_s - self._allowed_at_s) * self.rate
        self._allowance = min(saved, max(1.0, self.rate * BURST_S))
        self._allowed_at_s = now_s
        return 0.0 if self._allowance >= 1 else (1 - self._allowance) / self.rate

    def sent(self) -> None:
        """Count a request that is sent."""
        self._in_flight += 1
        self._allowance -= 1

    def answered(self, *, is_refused: bool) -> None:
        """Count an answer to a request, and judge the pace if it is time to."""
        self._in_flight -= 1
        if self._unsettled:
            self._unsettled -= 1
            if not self._unsettled:
                self._start_interval(self._clock_s())
            return
        self._answers += 1
        self._refused += is_refused
        now_s = self._clock_s()
        elapsed_s = now_s - self._started_s
        enough_s = SHORT_INTERVAL_S if 2 * self._refused > self._answers else INTERVAL_S
        if elapsed_s >= (LONGEST_INTERVAL_S if self._answers < MIN_ANSWERS else enough_s):
            self._judge(elapsed_s)
            self._start_interval(now_s)

    def _judge(self, elapsed_s: float) -> None:
        passed = self._answers - self._refused
        refused = self._refused / (passed or 1)
        through = passed / elapsed_s
        self._most_through = max(through, self._most_through / LARGEST_DECREASE)
        if self._former_rate:
            self._judge_decrease(refused, through)
        elif refused > 1.5 * self._normal + _HARDLY_ANY:
            self._former_rate, self._former = self.rate, refused
            self._step = FIRST_STEP
            self._set(self._most_through)
        elif not self._normal and self._is_used(elapsed_s):
            self._set(self.rate * (1 + self._step))
            self._step = min(2 * self._step, 1.0)
        if self._normal_for:
            self._normal_for -= 1
            if not self._normal_for:
                self._normal = 0.0

    def _is_used(self, elapsed_s: float) -> bool:
        """Return whether there is a pace, and so many answers that a faster one may be used too."""
        return self.rate != float("inf") and self._answers / elapsed_s > self.rate / 2

    def _judge_decrease(self, refused: float, through: float) -> None:
        is_in_vain = refused > _MUCH_LESS * self._former
        if is_in_vain and self._in_vain < DECREASES_IN_VAIN - 1:
            self._in_vain += 1
            self._set(max(through, self.rate / LARGEST_DECREASE))
            return
        self._in_vain = 0
        if is_in_vain:
            self._patience = min(2 * self._patience or 1, LONGEST_PATIENCE)
            self._normal, self._normal_for = refused, self._patience
            self._set(self._former_rate)
        else:
            self._patience = 0
        self._former_rate = 0.0

    def _set(self, rate: float) -> None:
        self.rate = max(rate, LOWEST_RATE)
        self._unsettled = self._in_flight
        self._allowance, self._allowed_at_s = 1.0, self._clock_s()

    def _start_interval(self, now_s: float) -> None:
        self._started_s = now_s
        self._answers = self._refused = 0
