"""A store begins to delete by age what it kept, or at another age than it did."""

from collections.abc import Iterator

from policies import expiry
from policies.changes.hazard import Danger
from policies.changes.update import Update


def check(update: Update) -> Iterator[Danger]:
    stores = (*expiry.TABLES, expiry.BUCKET)
    before = {store.logical_id: store for store in update.before.resources(*stores)}
    for store in update.after.resources(*stores):
        old = before.get(store.logical_id)
        # A new store has nothing yet that could expire.
        added = {*expiry.expiries(store)} - {*expiry.expiries(old)} if old else set[str]()
        for words in sorted(added):
            yield Danger(
                resource=store,
                change=words,
                why="what the base keeps is deleted for good, by its age, without anybody's call",
                remedy="leave expiry as it was; delete what must go by its key",
            )
