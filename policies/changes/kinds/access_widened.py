"""Access is widened: a new action, resource or principal, or one condition fewer."""

from collections import defaultdict
from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import ALLOW
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "grant less"


def check(update: Update) -> Iterator[Finding]:
    before = defaultdict(list)
    for old in grants.of(update.before):
        before[old.holder].append(old)
    new = [
        grant
        for grant in grants.of(update.after)
        if grant.effect == ALLOW and not any(old.covers(grant) for old in before[grant.holder])
    ]
    for owner, spelling in grants.spelled(new):
        yield at(
            owner,
            "the base does not allow this, or only under more conditions",
            exact=f"Allow {spelling}",
        )
