"""The conditions that rows of the tables go by, beyond type and place: functions by their names."""

from collections.abc import Callable, Mapping
from inspect import isfunction
from typing import TypeAlias

from policies.changes.conditions import guards, jobs, settings, templates, values
from policies.changes.differences import Difference

Condition: TypeAlias = Callable[[Difference], bool]

CONDITIONS: Mapping[str, Condition] = {
    name: value
    for module in (guards, jobs, settings, templates, values)
    for name, value in vars(module).items()
    if isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
}
