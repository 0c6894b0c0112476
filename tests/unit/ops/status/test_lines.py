import pytest

from ops.status.lines import Line, State, exit_code, verdict

OK, ATTENTION, UNKNOWN = State.OK, State.ATTENTION, State.UNKNOWN


def line(state: State) -> Line:
    return Line(about="dead letters", region="us-east-1", state=state, says="")


@pytest.mark.parametrize(
    ("states", "whole", "code"),
    [
        ([OK, OK], OK, 0),
        ([OK, UNKNOWN], UNKNOWN, 2),
        ([OK, ATTENTION], ATTENTION, 1),
        ([UNKNOWN, ATTENTION], ATTENTION, 1),
        ([], UNKNOWN, 2),
    ],
)
def test_the_verdict_is_ok_only_if_everything_is_known_to_be(
    states: list[State], whole: State, code: int
) -> None:
    found = verdict(map(line, states))

    assert found is whole
    assert exit_code(found) == code
