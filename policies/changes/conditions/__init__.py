"""The conditions that rows of the tables go by, beyond type and place: functions by their names."""

from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import Any, TypeAlias

from policies.changes import legible
from policies.changes.conditions import guards, settings, templates
from policies.changes.differences import Difference
from policies.changes.update import KEPT
from policies.templates.template import as_text

Condition: TypeAlias = Callable[[Difference], bool | str]


def _is_less(one: Any, other: Any) -> bool:
    """Return whether both are numbers, which may be written as texts, and the first is less."""
    return str(one).isdecimal() and str(other).isdecimal() and int(one) < int(other)


# How one value changes, whatever it is.
VALUES: Mapping[str, Condition] = {
    "comes": lambda of: of.before is None,
    "goes": lambda of: of.after is None,
    "is_part_of_known": lambda of: bool(of.where) or of.before is not None,
    # A member of a list that is told by its key is an empty text.
    "says_nothing": lambda of: bool(of.after == ""),
    "is_member_gone": lambda of: of.before == "" and of.after is None,
    "grows": lambda of: _is_less(of.before, of.after),
    "shrinks": lambda of: _is_less(of.after, of.before),
    "is_multiplied": lambda of: int(of.after) > 2 * int(of.before),
    # What is removed is kept from now on; or no longer, or can be removed at once.
    "is_kept": lambda of: of.after == "Retain" or (of.after in KEPT and of.before not in KEPT),
    "is_not_kept": lambda of: of.after not in (*KEPT, True),
    # A life cycle says more, or a rule of it is for more or other objects than before.
    "deletes_more": lambda of: (
        of.before is not None
        if of.where[-1] in templates.NARROWING
        else of.after not in (None, "Disabled")
    ),
    # A comment that silences a tool is there less often, or a file has none.
    "is_fewer": lambda of: not of.after or guards.is_less(of),
    "is_mail": lambda of: '"Protocol": "email"' in as_text(of.after),
    # No other stack can import it.
    "is_plain_output": lambda of: isinstance(of.after, dict) and "Export" not in of.after,
    "shows_metrics": lambda of: legible.is_dashboard(of.after),
}
CONDITIONS: Mapping[str, Condition] = {
    **VALUES,
    **{
        name: value
        for module in (guards, settings, templates)
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    },
}
