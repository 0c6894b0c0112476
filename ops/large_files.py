"""Files that the processor has left to the state machine, which stores them range by range."""

from ops import items
from ops.file_history import ledger_entry
from ops.items import Item
from ops.object_versions import ListedVersion
from ops.region import Region
from ops.waiting import wait_for
from services.processor.runtime.storage.ledger_attributes import HANDED_OVER, RANGES_PLAN
from services.processor.runtime.storage.ledger_entry import LARGE_FILE

# The entry changes with every range; a worker has a quarter of an hour for one.
_MOVES_WITHIN_S = 20 * 60.0
_POLL_S = 2.0
_GIVEN_UP = "LARGE_FILE_STOPPED"


def is_handed_over(entry: Item) -> bool:
    """Return whether the state machine is to store the file, or is storing it."""
    facts = items.plain(entry)
    code = facts.get("failure", {}).get("code")
    if facts.get("status") not in {"SUSPENDED", "PROCESSING"} or code == _GIVEN_UP:
        return False
    return code == LARGE_FILE or HANDED_OVER in facts or RANGES_PLAN in facts


def wait_until_stored(region: Region, version: ListedVersion) -> None:
    """Return when a file that was invoked for is no longer with the state machine.

    That is at once unless it was handed over.

    Raises:
        WaitError: nothing of it was stored for twenty minutes.

    """
    entry: Item = {}

    def is_over() -> bool:
        nonlocal entry
        entry = ledger_entry(region, version)
        return not is_handed_over(entry)

    what = f"the state machine to store {version.key} version {version.version}"
    wait_for(is_over, what, limit_s=_MOVES_WITHIN_S, poll_s=_POLL_S, state=lambda: entry)
