"""A Deny is gone or narrower, or somebody has lost a right, or has it only under more conditions.

Without the one, what was refused is not; without the other, e.g. that of CloudWatch on the key of
the alerts, the product is locked out. A role may do less than before; what it still may do must not
hang on one more condition, which can be one that never holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from policies.changes import grants
from policies.changes.grants import ALLOW, DENY, Grant
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "keep the statement as it was"


def check(update: Update) -> Iterator[Finding]:
    before, after = update.grants
    removed = update.before.by_id().keys() - update.after.by_id().keys()
    # Another right in its place is told by access-widened.
    given = {(each.holder, each.action) for each in update.new_grants if each.effect == ALLOW}
    lost = [
        grant
        for grant in grants.uncovered(before, by=after)
        if grant.holder.strip("<>") not in removed
    ]
    rights = [
        each
        for each in lost
        if each.effect == ALLOW
        and (each.holder, each.action) not in given
        and (_is_on_resource(each) or _is_conditional(each, after))
    ]
    for effect, gone in ((ALLOW, rights), (DENY, [e for e in lost if e.effect == DENY])):
        for owner, spelling in grants.spelled(gone):
            message = "the base says this; the new template does not, or only on more conditions"
            yield at(owner, message, exact=f"{effect} {spelling}")


def _is_on_resource(grant: Grant) -> bool:
    return bool(grant.principal) and not grant.action.startswith("sts:")


def _is_conditional(lost: Grant, after: Sequence[Grant]) -> bool:
    """Return whether a part of ``lost`` is still granted, and only on more conditions."""
    parts = [each for each in after if lost.covers(each)]
    as_before = [replace(each, conditions=lost.conditions) for each in parts]
    return bool(grants.uncovered(as_before, by=after))
