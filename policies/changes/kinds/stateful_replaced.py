"""A stateful resource is replaced by an empty one: a property cannot be changed in place."""

from collections.abc import Iterator

from policies.changes.resource_spec import Replacement
from policies.changes.update import ResourceChange, Update
from policies.finding import Finding, at

REMEDY = (
    "leave the property as it was, or add a second resource and copy the data into it first; "
    "before the first deployment there is nothing to lose"
)


def check(update: Update) -> Iterator[Finding]:
    for change in update.changes:
        if change.stateful and change.replacement != Replacement.NO:
            exact = f"{change.resource.type} {','.join(change.causes)}"
            yield at(change.resource, _why(change), exact=exact)


def _why(change: ResourceChange) -> str:
    certain = "is" if change.replacement == Replacement.YES else "may be"
    fate = "deleted with" if change.data_loss else "left behind, in no stack, with"
    fate = f"the old one is {fate} all that it holds"
    kept = sorted(change.resource.properties.keys() - {*change.causes})
    named = [change.resource.properties[name] for name in kept if name.endswith("Name")]
    if named:
        fate = f"it keeps its name, so the deployment fails at that; under another, {fate}"
    what = next((name for name in named if isinstance(name, str)), "it")
    return f"{what} {certain} replaced by an empty one: {fate}"
