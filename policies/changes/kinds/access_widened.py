"""Access is widened: a new action, resource or principal, or one condition fewer."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import ALLOW
from policies.changes.hazard import Danger
from policies.changes.update import Update


def check(update: Update) -> Iterator[Danger]:
    before = grants.of(update.before)
    new = [
        grant
        for grant in grants.of(update.after)
        if grant.effect == ALLOW and not any(old.covers(grant) for old in before)
    ]
    for owner, spelling in grants.spelled(new):
        yield Danger(
            resource=owner,
            change=f"Allow {spelling}",
            why="the base does not allow this, or only under more conditions",
            remedy="grant less",
        )
