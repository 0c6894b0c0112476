"""A store starts to delete data by age, or at another age than before."""

from collections.abc import Iterator

from policies.changes.update import Update
from policies.finding import Finding, at
from policies.templates import expiry

REMEDY = "leave the expiry as it was; delete single items or objects by their keys"


def check(update: Update) -> Iterator[Finding]:
    stores = (*expiry.TABLES, expiry.BUCKET)
    before = {store.logical_id: store for store in update.before.resources(*stores)}
    for store in update.after.resources(*stores):
        old = before.get(store.logical_id)
        # A new store holds nothing that could expire yet.
        added = {*expiry.expiries(store)} - {*expiry.expiries(old)} if old else set[str]()
        for words in sorted(added):
            yield at(
                store,
                "data that the base keeps would be deleted for good because of its age",
                exact=words,
            )
