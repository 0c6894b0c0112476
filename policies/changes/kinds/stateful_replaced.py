"""A stateful resource is replaced by an empty one: a property cannot be changed in place."""

from collections.abc import Iterator

from policies.changes.differences import differences
from policies.changes.resource_spec import ALSO, Replacement
from policies.changes.update import ResourceChange, Update
from policies.finding import Finding, at
from policies.templates.template import as_text

MOST = 160
REMEDY = "leave the property as it was, or add a second resource and copy the data into it first"


def check(update: Update) -> Iterator[Finding]:
    for change in update.changes:
        if change.stateful and change.replacement != Replacement.NO:
            exact = f"{change.resource.type} {','.join(change.causes)}"
            lines = "\n      ".join(_values(update, change))
            told = f"; these values differ:\n      {lines}" if lines else ""
            yield at(change.resource, f"{_why(change)}{told}", exact=exact)


def _why(change: ResourceChange) -> str:
    kept = sorted(change.resource.properties.keys() - {*change.causes})
    named = [change.resource.properties[name] for name in kept if name.endswith("Name")]
    what = next((name for name in named if isinstance(name, str)), "it")
    is_certain = change.replacement == Replacement.YES
    if named:
        replaced = f"{what} {'can only' if is_certain else 'may'} be replaced by an empty one"
        return f"{replaced}, which fails, as it keeps its name: nothing is lost, moved or deployed"
    kind = f"the {change.resource.type.rpartition('::')[2]} {'is' if is_certain else 'may be'}"
    if change.resource.type in ALSO["addressed"]:
        return f"{kind} replaced: who uses the old one's name or address no longer reaches it"
    fate = "is deleted with its data" if change.data_loss else "stays with its data, in no stack"
    return f"{kind} replaced by an empty one: the old one {fate}"


def _values(update: Update, change: ResourceChange) -> Iterator[str]:
    """Yield each value of the causes, as it was and as it becomes."""
    for each in differences(update):
        path = each.owner.path if each.owner else ""
        if path == change.resource.path and {*change.causes}.intersection(each.where):
            both = (("-", each.before), ("+", each.after))
            named = ((sign, as_text(value)[:MOST]) for sign, value in both if value is not None)
            yield from (f"{sign}{each.place.removeprefix('Properties.')}: {v}" for sign, v in named)
