"""The single values whose change is dangerous: one module for each family, of one table each.

What needs more than one value to be seen, such as who gains a right, is a kind: see ``kinds/``.
"""

from importlib import import_module
from pkgutil import iter_modules

from policies.changes.change_class import Files, Hazard
from policies.changes.differences import Difference

HAZARDS: tuple[Hazard, ...] = tuple(
    hazard
    for module in iter_modules(__path__)
    for hazard in import_module(f"{__name__}.{module.name}").HAZARDS
)


def hazard(difference: Difference, files: Files) -> Hazard | None:
    """Return the first class that ``difference`` is of, or None."""
    return next((each for each in HAZARDS if each.holds(difference, files)), None)
