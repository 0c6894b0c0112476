"""Whether modules are after each file of tests what they were before it.

A test that changes a list, a function or a class of a module leaves it so for those after it, which
may then prove nothing. Each value of a module is compared by identity, and so are the members of a
container and the attributes of a class that the module defines. What is in no module is not seen,
nor what is put back before the file's last test is over, as nobody else has met it.
"""

import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import chain
from operator import is_not
from pathlib import Path
from types import ModuleType
from typing import TypeAlias

import pytest

ROOT = str(Path(__file__).resolve().parents[1])
# Beside the project's own modules those that run the tests.
RUNNING = ("_pytest", "pluggy", "pytest")
INSTALLED = ("site-packages", "node_modules")
# What Python has for itself, and pytest while a test runs.
ASIDE = ("__", "_abc_", "_reprcompare")
# What a module remembers, and what is patched for a whole folder (tests/policy/conftest.py).
KEPT = {
    "policies.changes.contract_sources.repeated",
    "services.processor.runtime.attributes._labels",
    "tests.architecture.sources.TREES",
}
CONTAINERS = (dict, list, set, frozenset, tuple)
DEEPEST = 4
SAYS = "the tests of this file leave these other than they were, for those of others"

# The parts of each value of a module; what is compared by identity must not be freed.
State: TypeAlias = Mapping[str, Sequence[object]]


class ModulesUnchanged:
    """Makes the last test of a file fail if a module that was there before has changed."""

    def __init__(self) -> None:
        self._before: dict[str, State] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        self._before = self._before or _states()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        done = yield
        if nextitem is None or nextitem.path != item.path:
            before, self._before = self._before, _states()
            # Its own names end with it.
            before = {name: before[name] for name in before if name != _name(item)}
            changed = sorted({*_changed(before, self._before)} - KEPT)
            if changed:
                pytest.fail(f"{SAYS}: {', '.join(changed)}", pytrace=False)
        return done


def _name(item: pytest.Item) -> str:
    return str(getattr(getattr(item, "module", None), "__name__", ""))


def _states() -> dict[str, State]:
    watched = [each for each in [*sys.modules.values()] if _is_watched(each)]
    return {each.__name__: {n: [*_parts(v, each)] for n, v in _named(each)} for each in watched}


def _is_watched(module: ModuleType) -> bool:
    file = str(getattr(module, "__file__", None) or "")
    is_own = file.startswith(ROOT) and not any(each in file for each in INSTALLED)
    return is_own or getattr(module, "__name__", "").partition(".")[0] in RUNNING


def _named(owner: object) -> Iterator[tuple[str, object]]:
    found = [*vars(owner).items()]
    # A package gets a name for each of its modules, once somebody imports that.
    found = [each for each in found if not isinstance(each[1], ModuleType)]
    return ((name, value) for name, value in found if not name.startswith(ASIDE))


def _parts(value: object, module: ModuleType, depth: int = 0) -> Iterator[object]:
    """Yield a value, and what it has: of a container members, of the module's class attributes."""
    yield value
    members: Sequence[object] = ()
    if isinstance(value, type) and value.__module__ == module.__name__:
        members = [*chain.from_iterable(_named(value))]
    elif isinstance(value, dict):
        members = [*chain.from_iterable([*value.items()])]
    elif isinstance(value, CONTAINERS):
        members = [*value]
    if depth < DEEPEST:
        for each in members:
            yield from _parts(each, module, depth + 1)


def _changed(before: Mapping[str, State], now: Mapping[str, State]) -> Iterator[str]:
    for module in before.keys() & now.keys():
        old, new = before[module], now[module]
        for name in {**old, **new}:
            one, other = old.get(name, ()), new.get(name, ())
            if len(one) != len(other) or any(map(is_not, one, other)):
                yield f"{module}.{name}"
