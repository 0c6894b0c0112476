import pytest

from tests.unit.ops.two_regions import TwoRegions


@pytest.fixture
def world() -> TwoRegions:
    return TwoRegions()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock, in seconds, that moves on only while somebody waits."""
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", lambda pause_s: now.__setitem__(0, now[0] + pause_s))
    return now
