"""Access is widened: a new action, resource or principal, or one condition fewer."""

from collections.abc import Iterator

from policies.changes import grants
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "grant less: the actions and resources that are used, to whoever uses them"


def check(update: Update) -> Iterator[Finding]:
    before, now = update.grants
    allowed = [each for each in update.new_grants if each.effect == grants.ALLOW]
    for owner, spelling in grants.spelled(allowed):
        was = grants.one_sided(owner, grants.ALLOW, before, now)
        # What no stack makes, such as a group of people, is known by its name alone.
        others = {e.holder for e in allowed if e.owner.logical_id == owner.logical_id}
        to = ", ".join(sorted(each for each in others if not each.startswith("<")))
        message = "this policy allows more than before, or under fewer conditions"
        message += f", to {to}" if to else ""
        message += f": before, it was {was}" if was and was != spelling else ""
        yield at(owner, message, exact=f"Allow {spelling}")
