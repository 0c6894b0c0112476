import pytest

from ops.status.asking import NoAnswerError
from ops.status.memory import Memory

ALARMS, LETTERS = ("us-east-1", "alarms"), ("us-east-1", "dead letters")
LATE = NoAnswerError("no answer within 8 s")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands at the sum of what is put in."""
    passed: list[float] = []
    monkeypatch.setattr("time.monotonic", lambda: sum(passed))
    return passed


def test_a_fresh_answer_makes_asking_again_needless(clock: list[float]) -> None:
    memory = Memory({ALARMS: 10}, late_s=30)
    memory.settle({ALARMS: "none", LETTERS: "none"})

    clock.append(9)

    assert not memory.is_due(ALARMS)
    assert memory.is_due(LETTERS)
    assert memory.settle({LETTERS: "one"}) == {ALARMS: "none", LETTERS: "one"}
    clock.append(1)
    assert memory.is_due(ALARMS)


def test_what_was_fresh_when_others_were_asked_stands_however_long_they_took(
    clock: list[float],
) -> None:
    memory = Memory({ALARMS: 10}, late_s=30)
    memory.settle({ALARMS: "none", LETTERS: "none"})
    clock.append(9)
    assert not memory.is_due(ALARMS)

    clock.append(8)

    assert memory.settle({LETTERS: "one"}) == {ALARMS: "none", LETTERS: "one"}


def test_an_answer_that_is_late_is_the_last_one_for_a_while(clock: list[float]) -> None:
    memory = Memory({}, late_s=30)
    memory.settle({ALARMS: "none", LETTERS: "none"})

    clock.append(29)
    assert memory.settle({ALARMS: "none", LETTERS: LATE})[LETTERS] == "none"

    clock.append(2)
    assert memory.settle({ALARMS: "none", LETTERS: LATE})[LETTERS] is LATE


def test_an_error_is_no_late_answer(clock: list[float]) -> None:
    memory = Memory({}, late_s=30)
    memory.settle({ALARMS: "none", LETTERS: "none"})
    denied = KeyError("denied")

    clock.append(1)

    assert memory.settle({ALARMS: "none", LETTERS: denied})[LETTERS] is denied


def test_of_a_region_that_answers_nothing_nothing_is_remembered(clock: list[float]) -> None:
    memory = Memory({ALARMS: 10}, late_s=30)
    memory.settle({ALARMS: "none", LETTERS: "none"})

    clock.append(1)

    assert memory.settle({LETTERS: LATE}) == {LETTERS: LATE}


def test_who_looks_once_remembers_nothing(clock: list[float]) -> None:
    memory = Memory({}, late_s=0)
    memory.settle({ALARMS: "none"})

    assert memory.is_due(ALARMS)
    assert memory.settle({ALARMS: LATE}) == {ALARMS: LATE}
    assert clock == []
