"""A model of a global table: conditions are local to a region, the last write wins between them."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import naming
from services.processor.runtime.attributes import Item, attributes_of
from services.processor.runtime.item import RecordItem
from services.processor.runtime.storage.writer import Answered
from tests.unit.processor.fakes import AtOnceWriter

Address = tuple[str, str]


def text(item: Item, name: str) -> str:
    return str(item[name]["S"])


def address(item: Item) -> Address:
    return text(item, "recordId"), text(item, "timestamp")


@dataclass(frozen=True, slots=True)
class Write:
    item: Item
    written_at: int


@dataclass
class GlobalTable:
    """Replicas by region; a write waits in ``underway`` until it is replicated.

    Every write that a region accepts gets the next tick of one clock as its time.
    """

    replicas: dict[str, dict[Address, Write]] = field(
        default_factory=lambda: {region: {} for region in naming.REGIONS}
    )
    underway: dict[str, deque[Write]] = field(
        default_factory=lambda: {region: deque() for region in naming.REGIONS}
    )
    attempted: list[Item] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._clock = count()

    def put(self, region: str, item: Item) -> None:
        """Store the item if the region's own replica has none or an older one."""
        self.attempted.append(item)
        replica, key = self.replicas[region], address(item)
        stored = replica.get(key)
        if stored is None or text(stored.item, "precedence") < text(item, "precedence"):
            replica[key] = Write(item, next(self._clock))
            self.underway[region].append(replica[key])

    def replicate(self, region: str, writes: int = 1_000_000) -> None:
        """Apply the oldest writes of ``region`` to its peer, where a later write stays."""
        peer, waiting = self.replicas[naming.peer(region)], self.underway[region]
        for _ in range(min(writes, len(waiting))):
            write = waiting.popleft()
            stored = peer.get(address(write.item))
            if stored is None or stored.written_at < write.written_at:
                peer[address(write.item)] = write

    def settle(self) -> None:
        for region in naming.REGIONS:
            self.replicate(region)

    def items(self, region: str) -> dict[Address, Item]:
        return {key: write.item for key, write in self.replicas[region].items()}


def newest(items: Sequence[Item]) -> dict[Address, Item]:
    """Return, for each address, the item with the greatest precedence."""
    return {address(item): item for item in sorted(items, key=lambda i: text(i, "precedence"))}


@dataclass
class RegionalWriter(AtOnceWriter):
    """The processor's writer in one region; ``before_put`` may raise."""

    table: GlobalTable
    region: str
    before_put: Callable[[], None]

    def send_soon(self, record: RecordItem, answered: Answered) -> None:
        self.table.put(self.region, attributes_of(record.item))
        answered(None)
