"""The deployed processor, as far as a command invokes it and waits."""

from ops.object_versions import versions_of
from ops.region import Region
from services.processor.runtime.intake.event import ObjectRef, read_event
from tests.adapters.ops.product import process


class Processor:
    """Stands for the deployed processor; ``runs`` are the keys that it was invoked for."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.is_down = False

    def reprocess(self, region: Region, event: object) -> str:
        [named] = read_event(event)
        assert isinstance(named, ObjectRef)
        self.runs.append(named.key)
        if self.is_down:
            return "down"
        [version] = [
            each for each in versions_of(region, named.key) if each.version_id == named.version_id
        ]
        process(region, version, named.sequencer)
        return ""
