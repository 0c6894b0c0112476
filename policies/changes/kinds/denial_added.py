"""A Deny is new or wider: it may lock the product out of its own resources, or everybody."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.update import Update
from policies.finding import Finding, at
from policies.templates import statements

REMEDY = "leave a Deny as it was, conditions included; in place of a new one, grant less"
# The one that every store has, and that nobody of the product can meet.
PLAIN_HTTP = frozenset({("Bool", "aws:SecureTransport", frozenset({"false"}))})


def check(update: Update) -> Iterator[Finding]:
    # Nothing depends yet on what is new; a name may be anybody's.
    others = (e for e in update.after.resources() if e.type not in statements.IDENTITY_POLICIES)
    new_here = {each.logical_id for each in others} - update.before.by_id().keys()
    new = [
        grant
        for grant in update.new_grants
        if grant.effect == grants.DENY
        and grant.holder.strip("<>") not in new_here
        and grant.conditions != PLAIN_HTTP
        and grant.action not in grants.WHOLE_POLICIES
    ]
    before, now = update.grants
    lost = grants.uncovered(before, by=now)
    for owner, spelling in grants.spelled(new):
        was = grants.one_sided(owner, grants.DENY, lost, now)
        instead = f"; no longer denied, so whoever is allowed to can do it: {was}" if was else ""
        why = f"denied now, even to the product itself: {spelling}{instead}"
        yield at(owner, why, exact=f"Deny {spelling}")
