"""The kinds of changes that need a reason before they are deployed: one module each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from policies.changes.update import Update
from policies.finding import Finding
from policies.register import CHANGES, DEPLOYED, ROWS

_MODULES: Mapping[str, ModuleType] = {
    module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}")
    for module in iter_modules(__path__)
}
# Each yields findings of one stack's update, which is all that it sees; their rule is only the
# part in brackets: the exact change.
KINDS: Mapping[str, Callable[[Update], Iterator[Finding]]] = {
    kind: module.check for kind, module in _MODULES.items()
}


def findings(update: Update) -> list[Finding]:
    """Return the findings of every kind, each with the row that would accept it as its remedy."""
    return [_named(kind, found, update) for kind, check in KINDS.items() for found in check(update)]


def _named(kind: str, found: Finding, update: Update) -> Finding:
    """Return ``found`` with placeholders for what differs between the regions."""
    stack = update.after
    rule = kind + found.rule.replace(stack.region, "{region}").replace(stack.account, "{account}")
    row = f"findings = ['{rule}']\n      paths = ['{stack.below_stage(found.path)}']"
    return replace(
        found,
        gate=CHANGES,
        rule=rule,
        remedy=f"{_MODULES[kind].REMEDY}; or accept exactly this change in {ROWS}/<kind>.toml, "
        f"until = '{DEPLOYED}':\n      {row}",
    )
