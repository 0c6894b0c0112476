"""A stateful resource is replaced by an empty one: a property cannot be changed in place."""

from collections.abc import Iterator

from policies.changes.hazard import Danger
from policies.changes.resource_change import ResourceChange
from policies.changes.resource_spec import Replacement
from policies.changes.update import Update


def check(update: Update) -> Iterator[Danger]:
    for change in update.changes:
        if change.stateful and change.replacement != Replacement.NO:
            yield Danger(
                resource=change.resource,
                change=f"{change.resource.type} {','.join(_causes(change))}",
                why=_why(change),
                remedy="keep the property, or add a second resource and migrate the data",
            )


def _causes(change: ResourceChange) -> list[str]:
    return sorted(name for name, how in change.properties.items() if how != Replacement.NO)


def _why(change: ResourceChange) -> str:
    certain = "is" if change.replacement == Replacement.YES else "may be"
    fate = "deleted" if change.data_loss else "left behind"
    return f"it {certain} replaced by an empty one, and the old one is {fate}"
