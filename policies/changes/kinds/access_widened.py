"""Somebody may do what nobody said before: an action, a resource, a principal, a condition less."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.grants import ALLOW
from policies.changes.hazard import Danger
from policies.changes.spelling import spelled
from policies.changes.update import Update


def check(update: Update) -> Iterator[Danger]:
    before = grants.of(update.before)
    new = [
        grant
        for grant in grants.of(update.after)
        if grant.effect == ALLOW and not any(old.covers(grant) for old in before)
    ]
    for owner, spelling in spelled(new):
        yield Danger(
            resource=owner,
            change=f"Allow {spelling}",
            why="the base allows this to nobody, or under more conditions",
            remedy="grant less",
        )
