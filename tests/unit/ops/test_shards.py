from ops.status_index import SHARDS
from services.processor.runtime import keys


def test_as_many_shards_are_asked_as_the_processor_writes_to() -> None:
    assert len(SHARDS) == keys.SHARDS
    assert max(SHARDS) == keys.SHARDS - 1
