"""A takeover that is under way would end: an update sets its mapping to what the template says."""

from collections.abc import Iterator

from policies.changes.update import Action, Update
from policies.finding import Finding, at

REMEDY = (
    "leave the mapping as it was, or see that no takeover is under way when this is deployed "
    "(ops takeover), and switch it on again afterwards if one is"
)
MAPPING = "AWS::Lambda::EventSourceMapping"


def check(update: Update) -> Iterator[Finding]:
    before = {mapping.logical_id: mapping for mapping in update.before.resources(MAPPING)}
    for change in update.changes:
        old = before.get(change.resource.logical_id)
        # One that is new can't be in use, and one that a template enables is no takeover.
        if old is None or old.properties.get("Enabled") is not False:
            continue
        if change.action == Action.REMOVED:
            yield at(change.resource, "the mapping that takes over from the peer is deleted")
        elif old.properties != change.resource.properties:
            yield at(
                change.resource,
                "it is disabled and gets its first filter again, even while it is in use",
                exact=",".join(sorted(change.properties)),
            )
