"""The kinds of hazardous changes: one module each, a pure function of two templates."""

from collections.abc import Callable, Iterable, Iterator

from policies.changes.hazard import Danger, Hazard
from policies.changes.kinds import (
    access_widened,
    denial_removed,
    expiry_added,
    network_opened,
    stateful_removed,
    stateful_replaced,
    table_updates,
)
from policies.changes.update import Update

# Each yields the dangers of one stack's update; it sees that stack only.
KINDS: dict[str, Callable[[Update], Iterator[Danger]]] = {
    "access-widened": access_widened.check,
    "denial-removed": denial_removed.check,
    "expiry-added": expiry_added.check,
    "network-opened": network_opened.check,
    "stateful-removed": stateful_removed.check,
    "stateful-replaced": stateful_replaced.check,
    "table-updates": table_updates.check,
}


def hazards(updates: Iterable[Update]) -> list[Hazard]:
    """Return every hazard, acknowledged or not, stack by stack."""
    return [
        Hazard(kind=kind, danger=danger)
        for update in updates
        for kind, check in KINDS.items()
        for danger in check(update)
    ]
