"""A hold on the replication of global tables.

The emulator applies a write to all replicas at once. AWS does so within a second or so, and what
has not been replicated when a region is lost is missing in the other. While the writes of a region
are held, they wait here; then they are released or lost. All of this runs in the one thread of the
emulator's event loop, as do all writes.

Released writes meet what was written elsewhere meanwhile. As in a global table, the last writer
wins: a held write is dropped where the same item was written later. For that the order of all
writes is noted as long as anything is held.
"""

import copy
import importlib
import json
import time
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple

Item = dict[str, Any]


class Write(NamedTuple):
    """A write that waits, as the emulator's own function takes it."""

    order: int
    at_s: float
    account: str
    table: Item
    event: str
    old: Item | None
    new: Item | None


class HeldReplication:
    """Holds, releases and loses the writes of regions; holds none at first."""

    def __init__(self) -> None:
        tables: Any = importlib.import_module("ministack.services.dynamodb")
        self._replicate: Callable[..., None] = tables._replicate_write  # noqa: SLF001
        self._regions: Callable[[Item], list[str]] = tables._replica_group  # noqa: SLF001
        tables._replicate_write = self._write  # noqa: SLF001
        self._scopes: Any = importlib.import_module("ministack.core.responses")
        self._held: dict[str, list[Write]] = {}
        self._order = count()
        # The order of the last write by region and item; empty unless something is held.
        self._last: dict[tuple[str, str], int] = {}

    def hold(self, region: str) -> None:
        """Keep what is written in ``region`` from all other regions, from now on."""
        self._held.setdefault(region, [])

    def release(self, region: str) -> int:
        """Apply the held writes of ``region``, end the hold, and return how many there were."""
        writes = self._held.pop(region, [])
        for write in writes:
            with self._scopes.request_scope(write.account, region):
                self._apply(write)
        self._forget()
        return len(writes)

    def lose(self, region: str) -> int:
        """Forget the held writes of ``region``, go on holding, and return how many there were."""
        writes = self._held.get(region, [])
        lost = len(writes)
        writes.clear()
        return lost

    def status(self) -> dict[str, dict[str, float]]:
        """Return by region how many writes are held, and for how long the oldest has been."""
        now_s = time.monotonic()
        return {
            region: {
                "writes": len(writes),
                "oldest_s": round(now_s - writes[0].at_s, 3) if writes else 0.0,
            }
            for region, writes in self._held.items()
        }

    def _write(self, table: Item, event: str, old: Item | None, new: Item | None) -> None:
        if not self._held:
            self._replicate(table, event, old, new)
            return
        region, account = self._scopes.get_region(), self._scopes.get_account_id()
        order, key = next(self._order), _key(table, old, new)
        self._last[region, key] = order
        if region in self._held:
            kept = (copy.deepcopy(old), copy.deepcopy(new))
            self._held[region].append(
                Write(order, time.monotonic(), account, table, event, *kept),
            )
            return
        for other in self._others(table, region):
            self._last[other, key] = order
        self._replicate(table, event, old, new)

    def _apply(self, write: Write) -> None:
        key = _key(write.table, write.old, write.new)
        others = self._others(write.table, self._scopes.get_region())
        if any(self._last.get((other, key), -1) > write.order for other in others):
            return
        for other in others:
            self._last[other, key] = write.order
        self._replicate(write.table, write.event, write.old, write.new)

    def _others(self, table: Item, region: str) -> list[str]:
        return [each for each in self._regions(table) if each != region]

    def _forget(self) -> None:
        if not self._held:
            self._last.clear()


def _key(table: Item, old: Item | None, new: Item | None) -> str:
    item = new or old or {}
    names = (table["TableName"], item.get(table["pk_name"]), item.get(table["sk_name"]))
    return json.dumps(names, sort_keys=True)
