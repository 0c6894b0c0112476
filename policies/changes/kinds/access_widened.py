"""Access is widened: a new action, resource or principal, or one condition fewer."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "grant less: the actions and resources that are used, to whoever uses them"


def check(update: Update) -> Iterator[Finding]:
    before, now = update.grants
    allowed = (each for each in update.new_grants if each.effect == grants.ALLOW)
    for owner, spelling in grants.spelled(allowed):
        was = grants.one_sided(owner, grants.ALLOW, before, now)
        message = "more is allowed than in the base, or under fewer conditions"
        message += f"; in its place it allows: {was}" if was else ""
        yield at(owner, message, exact=f"Allow {spelling}")
