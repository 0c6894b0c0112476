from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.demo.census import Census
from local.demo.delivery import Delivery
from local.demo.listener import FILE, RECORD
from local.demo.round import Round

NO_ACCOUNT = "IGNORED"  # nobody was told of the file


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """All that was seen of one file; mappings are by region, ``announced`` counts record events."""

    delivery: Delivery
    census: Mapping[str, Census]
    announced: Mapping[str, int]
    file_events: int
    dead_letters: int
    readable_after_s: Mapping[str, float | None]

    @property
    def account(self) -> Mapping[str, Any]:
        """The file's own item, where the file was put."""
        return self.census[self.delivery.file.region].account

    @property
    def status(self) -> str:
        return str(self.account.get("status", NO_ACCOUNT))

    @property
    def failure(self) -> dict[str, str | int]:
        stored = self.account.get("failure", {})
        return {name: int(v) if name == "row" else str(v) for name, v in stored.items()}

    def rows(self, count: str = "rowsRead") -> int:
        return int(self.account.get(count, 0))


def outcomes(seen: Round) -> list[Outcome]:
    return [_outcome(seen, delivery) for delivery in seen.deliveries]


def _outcome(seen: Round, delivery: Delivery) -> Outcome:
    file_id = delivery.file_id
    listeners = seen.listeners
    return Outcome(
        delivery=delivery,
        census={region: counted[file_id] for region, counted in seen.counted.items()},
        announced={name: listeners[name].count(RECORD, file_id) for name in listeners},
        file_events=sum(listener.count(FILE, file_id) for listener in listeners.values()),
        dead_letters=sum(letters.count(delivery) for letters in seen.letters.values()),
        readable_after_s={
            name: seen.watch.sight(delivery, name).readable_after_s for name in seen.regions
        },
    )
