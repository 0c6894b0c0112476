import pytest

from ops.region import Region
from tests.adapters.ops.processor import Processor
from tests.adapters.ops.product import Operator


@pytest.fixture
def ops(
    region: Region, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Operator:
    return Operator(region, monkeypatch, capsys)


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> Processor:
    """The processor, which answers when a command invokes it."""
    processor = Processor()
    monkeypatch.setattr("ops.dead_letters.reprocess", processor.reprocess)
    return processor
