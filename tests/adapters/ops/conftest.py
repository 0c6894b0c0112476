import pytest

from ops.region import Region
from tests.adapters.ops.product import Operator


@pytest.fixture
def ops(
    region: Region, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    return Operator(region, monkeypatch, capsys)
