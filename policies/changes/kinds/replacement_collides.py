"""A replacement that CloudFormation can't create, because the old one is in its place until then.

CloudFormation creates the new resource before it deletes the old one. Where both have one name, or
where a function may have one mapping for a stream, the service refuses the new one, and the whole
update is rolled back. Under another logical id it is another resource, which is the same.
"""

from collections.abc import Iterator, Mapping, Sequence

from policies import patterns
from policies.changes.resource_spec import Replacement
from policies.changes.update import Action, Update
from policies.finding import Finding, at
from policies.templates.template import Resource, as_text

REMEDY = "leave it as it was, change its name as well, or delete the old one just before"
IDENTITIES: Mapping[str, Sequence[str]] = patterns.beside(__file__)


def check(update: Update) -> Iterator[Finding]:
    before = {each.logical_id: each for each in update.before.resources(*IDENTITIES)}
    names = {each: id_ for id_, old in before.items() if (each := _identity(old))}
    for change in (each for each in update.changes if each.resource.type in IDENTITIES):
        new, named = change.resource, _identity(change.resource)
        old = names.get(named) if named else None
        if change.action == Action.ADDED and old and old not in update.after.by_id():
            message = f"its logical id was {old} and is {new.logical_id}: {_refused(new)}"
            yield at(before[old], message, exact=new.type)
        if change.replacement != Replacement.NO and old == new.logical_id:
            yield at(new, _refused(new), exact=f"{new.type} {','.join(change.causes)}")


def _identity(resource: Resource) -> tuple[str, ...]:
    """Return what there can be one of; nothing for a generated name."""
    names = IDENTITIES[resource.type]
    if names[0] not in resource.properties:
        return ()
    return (resource.type, *(as_text(resource.properties.get(name)) for name in names))


def _refused(new: Resource) -> str:
    known_as = ", ".join(_identity(new)[1:])
    return f"its replacement is refused as long as the old one is there: {known_as}"
