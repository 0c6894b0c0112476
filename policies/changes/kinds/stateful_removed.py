"""A stateful resource is removed from the template: deleted, or orphaned outside any stack."""

from collections.abc import Iterator

from policies.changes.update import Action, ResourceChange, Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_text

REMEDY = "keep its logical id: by its construct's id and place, or by override_logical_id"


def check(update: Update) -> Iterator[Finding]:
    for change in update.changes:
        if change.stateful and change.action == Action.REMOVED:
            yield at(change.resource, _why(change, update), exact=change.resource.type)


def _why(change: ResourceChange, update: Update) -> str:
    gone = change.resource
    fate = "deleted with its data" if change.data_loss else "left behind, unmanaged"
    same = [*update.after.resources(gone.type)]
    for heir in same:
        if name := _name(gone) if _name(gone) == _name(heir) else "":
            return (
                f"its logical id is now {heir.logical_id}, which CloudFormation creates first: the "
                f"name {name} is still taken then, so the deployment fails and is rolled back"
            )
    heirs = [x.logical_id for x in same if x.properties == gone.properties or x.path == gone.path]
    if not heirs:
        return f"it is no longer in the template and will be {fate}"
    return f"its logical id is now {heirs[0]}: a new resource is created, and the old one is {fate}"


def _name(of: Resource) -> str:
    """Return the name that no other of the type can have; empty for a generated one."""
    names = (name for name in of.properties if name.endswith("Name") and name != "DisplayName")
    return next((as_text(of.properties[name]) for name in names), "")
