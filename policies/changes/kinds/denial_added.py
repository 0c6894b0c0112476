"""A Deny is new or wider: it may lock the product out of its own resources, or everybody."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import DENY, WHOLE_POLICIES, Grant
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "deny less; a right that nobody should have is best not granted"
# The one that every store has, and that nobody of the product can meet.
PLAIN_HTTP = frozenset({("Bool", "aws:SecureTransport", frozenset({"false"}))})


def check(update: Update) -> Iterator[Finding]:
    before = grants.of(update.before)
    known = {resource.logical_id for resource in update.before.resources()}
    new = [
        grant
        for grant in grants.of(update.after)
        if grant.effect == DENY
        and grant.holder.strip("<>") in known
        and not _is_usual(grant)
        and not any(old.covers(grant) for old in before)
    ]
    for owner, spelling in grants.spelled(new):
        yield at(owner, "the base does not deny this", exact=f"Deny {spelling}")


def _is_usual(denial: Grant) -> bool:
    return denial.conditions == PLAIN_HTTP or denial.action in WHOLE_POLICIES
