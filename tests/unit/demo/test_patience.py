from io import StringIO

from local.demo.patience import Patience


def test_waiting_ends_when_it_is_done() -> None:
    answers = iter([False, False, True])

    assert Patience(stream=StringIO()).wait(lambda: next(answers), lambda: "same") is True


def test_waiting_ends_when_nothing_moves_and_says_so() -> None:
    told = StringIO()

    is_done = Patience(quiet_limit_s=0, stream=told).wait(lambda: False, lambda: "1 of 2 files")

    assert is_done is False
    assert "nothing has moved for 0 s: 1 of 2 files" in told.getvalue()


def test_waiting_goes_on_as_long_as_something_moves() -> None:
    answers, states = iter([False] * 3 + [True]), iter("abc")

    patience = Patience(quiet_limit_s=0, stream=StringIO())

    assert patience.wait(lambda: next(answers), lambda: next(states)) is True
