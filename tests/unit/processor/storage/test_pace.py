"""The limiter against simulated servers, on a clock that moves only as things happen."""

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import pytest

from services.processor.runtime.storage.pace import MIN_ANSWERS, Pace

WINDOW = 48
REQUEST_CPU_S = 30e-6
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.005, 0.1


@dataclass
class Bucket:
    """Lets through so many requests a second, and a burst of what was not used before."""

    rate: float
    burst: float
    tokens: float = 0.0
    at_s: float = 0.0

    def passes(self, now_s: float) -> bool:
        self.tokens = min(self.burst, self.tokens + (now_s - self.at_s) * self.rate)
        self.at_s = now_s
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


def refusing_at_random(share: float) -> Callable[[float], bool]:
    rng = random.Random(7)
    return lambda _: rng.random() >= share


@dataclass
class Client:
    """Sends rows as fast as the pace lets it, and refused ones again after a short pause."""

    passes: Callable[[float], bool]
    round_trip_s: float
    now_s: float = 0.0
    sent: int = 0
    refused: int = 0
    rng: random.Random = field(default_factory=lambda: random.Random(3))
    answers: list[tuple[float, int, bool, int]] = field(default_factory=list)
    pauses: list[tuple[float, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(lambda: self.now_s)

    def send(self, rows: int) -> float:
        """Return how many rows a second got through."""
        started_s, left, done = self.now_s, rows, 0
        while done < rows:
            done += self._take_answers()
            is_due = bool(self.pauses) and self.pauses[0][0] <= self.now_s
            can_send = len(self.answers) < WINDOW and (is_due or left > 0)
            if can_send and not self.pace.pause_s():
                left -= not is_due
                self._send(heapq.heappop(self.pauses)[1] if is_due else 0)
            elif done < rows:
                self._wait(can_send=can_send)
        return rows / (self.now_s - started_s)

    def _send(self, attempt: int) -> None:
        self.now_s += REQUEST_CPU_S
        self.sent += 1
        self.pace.sent()
        takes_s = self.round_trip_s * (0.7 + self.rng.expovariate(3))
        passes = self.passes(self.now_s)
        heapq.heappush(self.answers, (self.now_s + takes_s, self.sent, passes, attempt))

    def _take_answers(self) -> int:
        done = 0
        while self.answers and self.answers[0][0] <= self.now_s:
            _, _, passed, attempt = heapq.heappop(self.answers)
            self.pace.answered(is_refused=not passed)
            done += passed
            if not passed:
                self.refused += 1
                longest_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**attempt)
                due_s = self.now_s + self.rng.uniform(0, longest_s)
                heapq.heappush(self.pauses, (due_s, attempt + 1))
        return done

    def _wait(self, *, can_send: bool) -> None:
        times = [self.answers[0][0]] if self.answers else []
        if can_send:
            times.append(self.now_s + self.pace.pause_s())
        if self.pauses:
            times.append(self.pauses[0][0])
        later = [at_s for at_s in times if at_s > self.now_s]
        self.now_s = min(later, default=self.now_s + 1e-4)

    @property
    def wasted(self) -> float:
        return self.refused / self.sent


@cache
def free(round_trip_s: float, rows: int) -> float:
    """Return how many rows a second get through if none is refused."""
    return Client(lambda _: True, round_trip_s).send(rows)


ROUND_TRIPS_S = pytest.mark.parametrize("round_trip_s", [0.0005, 0.005])


@ROUND_TRIPS_S
def test_a_table_that_refuses_nothing_is_sent_all_that_can_be_sent(round_trip_s: float) -> None:
    client = Client(lambda _: True, round_trip_s)

    client.send(5_000)

    assert client.pace.rate == float("inf")


@ROUND_TRIPS_S
@pytest.mark.parametrize("rate", [1_000, 4_000])
@pytest.mark.parametrize("burst", [10, 100])
def test_a_limit_is_used_up_and_hardly_exceeded(round_trip_s: float, rate: int, burst: int) -> None:
    client = Client(Bucket(rate, burst).passes, round_trip_s)

    through = client.send(8 * rate)

    assert through >= 0.95 * min(rate, free(round_trip_s, 5_000))
    assert client.wasted < 0.1


@ROUND_TRIPS_S
@pytest.mark.parametrize("share", [0.05, 0.3, 0.6])
def test_refusals_at_random_slow_nothing_down(round_trip_s: float, share: float) -> None:
    client = Client(refusing_at_random(share), round_trip_s)

    through = client.send(60_000)

    assert through >= 0.8 * free(round_trip_s, 20_000) * (1 - share)


def test_a_limit_that_is_lifted_is_noticed_within_seconds() -> None:
    bucket = Bucket(rate=1_000, burst=10)
    client = Client(bucket.passes, 0.001)
    client.send(5_000)
    bucket.rate, bucket.burst = 10_000, 100

    client.send(20_000)

    assert client.send(20_000) >= 9_500


def test_a_limit_that_is_lowered_is_noticed_within_a_second() -> None:
    bucket = Bucket(rate=10_000, burst=100)
    client = Client(bucket.passes, 0.001)
    client.send(20_000)
    bucket.rate, bucket.burst = 500, 5
    refused, sent = client.refused, client.sent

    client.send(1_000)

    assert (client.refused - refused) / (client.sent - sent) < 0.5
    assert client.pace.rate < 800


def test_there_is_at_most_one_decrease_in_a_round_trip() -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    rates = []
    for _ in range(1_000):
        pace.sent()
    for number in range(1_000):
        now_s += 0.001
        pace.answered(is_refused=number % 10 < number // 100)  # each hundred, more are refused
        rates.append(pace.rate)

    assert len(set(rates)) == 2


def test_only_a_second_decrease_in_vain_brings_the_former_pace_back() -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    rates = []
    for _ in range(3):
        for number in range(MIN_ANSWERS):
            now_s += 0.001
            pace.sent()
            pace.answered(is_refused=bool(number % 2))
        rates.append(round(pace.rate, 3))

    assert rates == [500, 500, float("inf")]


def test_what_was_not_sent_is_saved_up_for_five_milliseconds_only() -> None:
    now_s = 0.0
    pace = Pace(lambda: now_s)
    pace.rate = 2_000.0
    now_s = 60.0
    sent = 0
    while not pace.pause_s():
        pace.sent()
        sent += 1

    assert sent == 10


def test_a_table_that_refuses_everything_is_still_asked() -> None:
    client = Client(lambda now_s: now_s > 3, 0.001)

    client.send(10)

    assert client.now_s < 4
