"""Questions that hang hold up nobody. ``hang`` is a lock that a thread waits for."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ops.status.asking import Asker, NoAnswerError


@pytest.fixture
def released() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_questions_are_asked_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=10)

    found = Asker[str, int]().ask(dict.fromkeys("abc", together.wait), limit_s=10)

    assert sorted(map(str, found.values())) == ["0", "1", "2"]


def test_an_error_is_the_answer_of_its_question_alone() -> None:
    def fail() -> int:
        raise KeyError("x")

    found = Asker[str, int]().ask({"good": lambda: 1, "bad": fail}, limit_s=10)

    assert found["good"] == 1
    assert isinstance(found["bad"], KeyError)


def test_one_that_hangs_costs_the_limit_and_not_the_answers_of_the_others(
    released: threading.Event,
) -> None:
    questions: dict[str, Callable[[], object]] = {"hangs": released.wait, "good": lambda: 1}
    began_s = time.monotonic()

    found = Asker[str, object]().ask(questions, limit_s=0.2)

    assert time.monotonic() - began_s < 5
    assert found["good"] == 1
    assert isinstance(found["hangs"], NoAnswerError)


def test_what_hangs_is_not_asked_again_until_it_has_answered(released: threading.Event) -> None:
    calls = []

    def hang() -> int:
        calls.append(1)
        released.wait()
        return len(calls)

    asker = Asker[str, int]()
    for _ in range(5):
        assert isinstance(asker.ask({"q": hang}, limit_s=0)["q"], NoAnswerError)
    released.set()

    assert asker.ask({"q": hang}, limit_s=10) == {"q": 1}
    assert asker.ask({"q": hang}, limit_s=10) == {"q": 2}
