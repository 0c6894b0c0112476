"""A Deny is new or wider: it may lock the product out of its own resources, or everybody."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import DENY, WHOLE_POLICIES, Grant
from policies.changes.update import Update
from policies.finding import Finding, at
from policies.templates import statements
from policies.templates.template import Resource

REMEDY = "deny less; a right that nobody should have is best not granted"
# The one that every store has, and that nobody of the product can meet.
PLAIN_HTTP = frozenset({("Bool", "aws:SecureTransport", frozenset({"false"}))})


def check(update: Update) -> Iterator[Finding]:
    known = update.before.by_id().keys()
    new_here = {each.logical_id for each in update.after.resources() if not _is_policy(each)}
    new = [
        grant
        for grant in update.new_grants
        if grant.effect == DENY
        # Nothing depends yet on what is new; a name may be anybody's.
        and grant.holder.strip("<>") not in new_here - known
        and not _is_usual(grant)
    ]
    for owner, spelling in grants.spelled(new):
        yield at(owner, "the base does not deny this", exact=f"Deny {spelling}")


def _is_policy(resource: Resource) -> bool:
    return resource.type in statements.IDENTITY_POLICIES


def _is_usual(denial: Grant) -> bool:
    return denial.conditions == PLAIN_HTTP or denial.action in WHOLE_POLICIES
