"""A stateful resource is replaced by an empty one: a property cannot be changed in place."""

from collections.abc import Iterator

from policies.changes.differences import differences
from policies.changes.resource_spec import Replacement
from policies.changes.update import ResourceChange, Update
from policies.finding import Finding, at
from policies.templates.template import as_text

MOST = 160
REMEDY = (
    "leave the property as it was, or add a second resource and copy the data into it first; "
    "before the first deployment there is nothing to lose"
)


def check(update: Update) -> Iterator[Finding]:
    for change in update.changes:
        if change.stateful and change.replacement != Replacement.NO:
            exact = f"{change.resource.type} {','.join(change.causes)}"
            lines = "\n      ".join(_values(update, change))
            told = f"; these values differ:\n      {lines}" if lines else ""
            yield at(change.resource, f"{_why(change)}{told}", exact=exact)


def _why(change: ResourceChange) -> str:
    certain = "is" if change.replacement == Replacement.YES else "may be"
    fate = "deleted with" if change.data_loss else "left behind, in no stack, with"
    fate = f"the old one is {fate} all that it holds"
    kept = sorted(change.resource.properties.keys() - {*change.causes})
    named = [change.resource.properties[name] for name in kept if name.endswith("Name")]
    if named:
        certain = "can only be" if certain == "is" else certain
        fate = "it keeps its name, so the deployment fails at that, and nothing is lost or moved"
    what = next((name for name in named if isinstance(name, str)), "it")
    return f"{what} {certain} replaced by an empty one: {fate}"


def _values(update: Update, change: ResourceChange) -> Iterator[str]:
    """Yield each value of the causes, as it was and as it becomes."""
    for each in differences(update):
        is_own = each.owner and each.owner.path == change.resource.path
        if is_own and {*change.causes}.intersection(each.where):
            place = each.place.removeprefix("Properties.")
            for sign, value in (("-", each.before), ("+", each.after)):
                if value is not None:
                    yield f"{sign}{place}: {as_text(value)[:MOST]}"
