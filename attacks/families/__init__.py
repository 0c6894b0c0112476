"""The attacks: a module for each family, of one table, ``ATTACKS``."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pkgutil import iter_modules

from attacks.attack import Attack

FAMILIES: Mapping[str, Sequence[Attack]] = {
    module.name: import_module(f"{__name__}.{module.name}").ATTACKS
    for module in iter_modules(__path__)
}
