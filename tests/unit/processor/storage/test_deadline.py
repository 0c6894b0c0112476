import pytest

from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.storage.deadline import Deadline


@pytest.mark.parametrize("remaining_ms", [5_000, 4_999, 0])
def test_a_deadline_has_passed_once_only_its_reserve_is_left(remaining_ms: int) -> None:
    with pytest.raises(OutOfTimeError, match="less than 5 s left"):
        Deadline(lambda: remaining_ms, 5_000).check()


def test_before_its_deadline_a_run_goes_on() -> None:
    Deadline(lambda: 5_001, 5_000).check()
