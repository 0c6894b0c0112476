"""A Deny is gone or narrower, or somebody has lost a right on a resource of the product.

Without the one, what was refused is not; without the other, e.g. that of CloudWatch on the key of
the alerts, the product is locked out. What a role may do, and whom it trusts, is declared.
"""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import ALLOW, DENY, Grant
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "keep the statement"


def check(update: Update) -> Iterator[Finding]:
    before, after = grants.of(update.before), grants.of(update.after)
    removed = update.before.by_id().keys() - update.after.by_id().keys()
    # Another right in its place is told by access-widened; a narrower one is still a right.
    new = grants.uncovered(after, by=before)
    given = {(each.holder, each.action) for each in new if each.effect == ALLOW}
    kept = {(each.holder, each.action, each.principal) for each in after if each.effect == ALLOW}
    lost = [
        grant
        for grant in grants.uncovered(before, by=after)
        if grant.holder.strip("<>") not in removed
    ]
    rights = [
        each
        for each in lost
        if _is_on_resource(each)
        and (each.holder, each.action) not in given
        and (each.holder, each.action, each.principal) not in kept
    ]
    for effect, gone in ((ALLOW, rights), (DENY, [e for e in lost if e.effect == DENY])):
        for owner, spelling in grants.spelled(gone):
            message = "the base says this, but the new template does not"
            yield at(owner, message, exact=f"{effect} {spelling}")


def _is_on_resource(grant: Grant) -> bool:
    allows = grant.effect == ALLOW and bool(grant.principal)
    return allows and not grant.action.startswith("sts:")
