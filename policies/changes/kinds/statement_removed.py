"""A Deny is gone or narrower, or somebody has lost a right, or has it on less than before.

Without the one, what was refused is not; without the other, e.g. that of CloudWatch on the key of
the alerts, the product is locked out. A role may lose an action altogether, which its declaration
tells. One that it keeps must not be narrowed to a resource that does not exist, or by a condition
that never holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from policies.changes import grants
from policies.changes.grants import ALLOW, DENY, Grant
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "leave the statement as the base has it, with its conditions"


def check(update: Update) -> Iterator[Finding]:
    before, after = update.grants
    removed = update.before.by_id().keys() - update.after.by_id().keys()
    # Another right in its place is told by access-widened.
    given = {(each.holder, each.action) for each in update.new_grants if each.effect == ALLOW}
    lost = [
        grant
        for grant in grants.uncovered(before, by=after)
        if not {grant.holder.strip("<>"), grant.resource.strip("<>").partition(".")[0]} & removed
    ]
    rights = [
        each
        for each in lost
        if each.effect == ALLOW
        and (each.holder, each.action) not in given
        # Of a policy of a resource, all that it gives; of a role, a part of what it keeps.
        and ((each.principal and not each.action.startswith("sts:")) or _is_kept(each, after))
    ]
    for effect, gone in ((ALLOW, rights), (DENY, [e for e in lost if e.effect == DENY])):
        for owner, spelling in grants.spelled(gone):
            instead = grants.one_sided(owner, effect, after, before)
            was = "allowed" if effect == ALLOW else "denied"
            now = f"; {was} instead: {instead}" if instead else ", and nothing is in its place"
            yield at(owner, f"this is no longer {was}{now}", exact=f"{effect} {spelling}")


def _is_kept(lost: Grant, after: Sequence[Grant]) -> bool:
    """Return whether its holder may still do a part of it, if only elsewhere or on a condition."""
    return any(
        lost.covers(replace(each, resource=lost.resource, conditions=lost.conditions))
        for each in after
    )
