"""A Deny is removed or narrowed, such as the one for requests without TLS, or a role's boundary."""

from collections.abc import Iterator, Mapping
from typing import Any

from policies.changes import grants
from policies.changes.grants import DENY, Grant
from policies.changes.update import Update
from policies.finding import Finding, at

REMEDY = "keep the statement"


def check(update: Update) -> Iterator[Finding]:
    after = grants.of(update.after)
    gone = [
        grant
        for grant in grants.of(update.before)
        if grant.effect == DENY
        and not _moot(grant, update)
        and not any(new.covers(grant) for new in after)
    ]
    for owner, spelling in grants.spelled(gone):
        yield at(
            owner, "the base denies this, but the new template does not", exact=f"Deny {spelling}"
        )


def _moot(denial: Grant, update: Update) -> bool:
    """Return whether the resource that the denial protected is removed as well."""
    holder = denial.holder.strip("<>")
    return holder in _ids(update.before.template) - _ids(update.after.template)


def _ids(template: Mapping[str, Any]) -> set[str]:
    return {*template.get("Resources", {})}
