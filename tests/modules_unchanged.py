"""Whether modules are after each file of tests what they were before it.

A test that changes a list, a function or a class of a module leaves it so for those after it, which
may then prove nothing. Each value of a module is compared by identity, and so are the members of a
container and the attributes of a class that the module defines; of Python's own modules, and those
by which tests read and run, functions and classes only, as they remember much else. Of what else a
process has, its variables are compared and how it imports. What is put back before a file's last
test is over, nobody else has met.
"""

import os
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import is_not
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TypeAlias

import pytest

ROOT = str(Path(__file__).resolve().parents[1])
INSTALLED = ("site-packages", "node_modules")
# Beside the project's own. Other packages make and change their classes as they are used.
STEADY = sys.stdlib_module_names | {"_pytest", "pluggy", "pytest", "yaml"}
# What Python has for itself, and pytest while a test runs.
ASIDE = ("__", "_abc_", "_reprcompare", "_value2member_map_")
# Variables that pytest sets for each test, and those of the session (tests/conftest.py).
SET_BY_FIXTURES = ("AWS_", "PYTEST_CURRENT_TEST")
# What a module remembers, and what is patched for a whole folder (tests/policy/conftest.py).
KEPT = {
    "policies.changes.contract_sources.repeated",
    "services.processor.runtime.attributes._labels",
    "tests.architecture.sources.TREES",
    "weakref.finalize",
}
CONTAINERS = (dict, list, set, frozenset, tuple)
DEEPEST = 4
OWN = "its own file"
SAYS = "the tests of this file leave these other than they were, for those after them"

# The parts of each value of a module; what is compared by identity must not be freed.
State: TypeAlias = Mapping[str, Sequence[object]]


class ModulesUnchanged:
    """Makes a test fail that changes its own file, and the last of a file that changes others."""

    def __init__(self) -> None:
        self._own: State = {}
        self._before: Mapping[str, State] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        self._before, self._own = self._before or _states(), _of(item)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        done = yield
        changed = [*_changed({OWN: self._own}, {OWN: _of(item)})]
        if nextitem is None or nextitem.path != item.path:
            before, self._before = self._before, _states()
            changed += {*_changed(before, self._before)} - KEPT
        if changed:
            pytest.fail(f"{SAYS}: {', '.join(sorted(changed))}", pytrace=False)
        return done


def _of(item: pytest.Item) -> State:
    module = getattr(item, "module", None)
    return _state(module) if isinstance(module, ModuleType) else {}


def _states() -> Mapping[str, State]:
    modules = [*sys.modules.values()]
    named = {each.__name__: _state(each) for each in modules if isinstance(each, ModuleType)}
    return {**named, "process": _process()}


def _process() -> State:
    """Return what the tests of a process share beside modules: variables, and how it imports."""
    own = {name: os.environ[name] for name in [*os.environ] if not name.startswith(SET_BY_FIXTURES)}
    # A value that is put back is an equal one.
    known = {f"os.environ[{name}]": [sys.intern(value)] for name, value in own.items()}
    return {**known, "sys.path": [*sys.path], "sys.meta_path": [*sys.meta_path]}


def _state(module: ModuleType) -> State:
    return {name: [*_parts(value, module)] for name, value in _values(module)}


def _values(module: ModuleType) -> Iterator[tuple[str, object]]:
    file = str(getattr(module, "__file__", None) or "")
    is_own = file.startswith(ROOT) and not any(each in file for each in INSTALLED)
    is_steady = module.__name__.partition(".")[0] in STEADY
    for name, value in _named(module) if is_own or is_steady else ():
        is_defined = getattr(value, "__module__", "") == module.__name__
        if is_own or (is_defined and isinstance(value, type | FunctionType)):
            yield name, value


def _named(owner: object) -> Iterator[tuple[str, object]]:
    found = [*vars(owner).items()]
    # A package gets a name for each of its modules, once somebody imports that.
    found = [each for each in found if not isinstance(each[1], ModuleType)]
    return ((name, value) for name, value in found if not name.startswith(ASIDE))


def _parts(value: object, module: ModuleType, depth: int = 0) -> Iterator[object]:
    """Yield a value, and what it has: of a container members, of the module's class attributes."""
    yield value
    members: Iterable[object] = ()
    if isinstance(value, type) and value.__module__ == module.__name__:
        members = chain.from_iterable(_named(value))
    elif isinstance(value, dict):
        # What is patched away and put back stands last, under an equal name.
        items = sorted(value.items(), key=lambda each: hash(each[0]))
        pairs = ((sys.intern(key) if type(key) is str else key, of) for key, of in items)
        members = chain.from_iterable(pairs)
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
