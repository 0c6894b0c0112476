"""The conditions that rows of the tables go by, beyond type and place: functions by their names."""

from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import TypeAlias

from policies.changes.conditions import guards, jobs, settings, templates
from policies.changes.differences import Difference
from policies.changes.update import KEPT

Condition: TypeAlias = Callable[[Difference], bool | str]

# How one value changes, whatever it is.
VALUES: Mapping[str, Condition] = {
    "comes": lambda of: of.before is None,
    "goes": lambda of: of.after is None,
    "is_part_of_known": lambda of: bool(of.where) or of.before is not None,
    # A member of a list that is told by its key is an empty text.
    "says_nothing": lambda of: bool(of.after == ""),
    "is_member_gone": lambda of: of.before == "" and of.after is None,
    # A number, which may be written as a text.
    "grows": lambda of: (
        str(of.before).isdecimal() and str(of.after).isdecimal() and int(of.before) < int(of.after)
    ),
    # What is removed is kept from now on; or no longer, or can be removed at once.
    "is_kept": lambda of: of.after == "Retain" or (of.after in KEPT and of.before not in KEPT),
    "is_not_kept": lambda of: of.after not in (*KEPT, True),
}
CONDITIONS: Mapping[str, Condition] = {
    **VALUES,
    **{
        name: value
        for module in (guards, jobs, settings, templates)
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    },
}
