"""A stateful resource is removed from the template: deleted, or orphaned outside any stack."""

from collections.abc import Iterator

from policies.changes.update import Action, ResourceChange, Update
from policies.finding import Finding, at

REMEDY = "keep the resource, under the logical id it had"


def check(update: Update) -> Iterator[Finding]:
    for change in update.changes:
        if change.stateful and change.action == Action.REMOVED:
            yield at(change.resource, _why(change, update), exact=change.resource.type)


def _why(change: ResourceChange, update: Update) -> str:
    gone = change.resource
    fate = "deleted with its data" if change.data_loss else "left behind, unmanaged"
    heirs = [
        heir.logical_id
        for heir in update.after.resources(gone.type)
        if heir.properties == gone.properties or heir.path == gone.path
    ]
    if not heirs:
        return f"it is no longer in the template and will be {fate}"
    return f"its logical id is now {heirs[0]}: a new resource is created, and the old one is {fate}"
