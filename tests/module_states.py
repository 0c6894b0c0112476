"""What all tests of a process share, as what can be compared by identity.

Each value of a module counts, and so do the members of a container, the code of a function and what
a class has. Of modules that are not the project's, functions and classes count, and of packages'
classes the methods: they remember much else. Beside modules, a process has its variables, the way
it imports, and its threads.
"""

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import is_not
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import TypeAlias

import pytest
from hypothesis import settings

ROOT = str(Path(__file__).resolve().parents[1])
INSTALLED = ("site-packages", "node_modules", "venv/bin", "build/bundles")
# Whose classes are compared whole. Other packages count and keep in theirs as they are used.
STEADY = sys.stdlib_module_names | {"_pytest", "pluggy", "pytest", "yaml"}
# What Python has for itself, and pytest while a test runs.
ASIDE = (
    "__",
    "_abc_",
    "_pytest_",
    "_reprcompare",
    "_showwarnmsg_impl",
    "_value2member_map_",
    "last_",
)
# Variables that pytest sets for each test, and those of the session (tests/conftest.py).
SET_BY_FIXTURES = ("AWS_", "PYTEST_CURRENT_TEST")
# What packages bring along with a copy of six, once somebody imports them.
OF_SIX = "_SixMetaPathImporter"
# What pytest asks a test for once, when it is needed.
LATER = ("_instance", "location")
CONTAINERS = (dict, list, set, frozenset, tuple)
FUNCTIONS = (FunctionType, BuiltinFunctionType)
# Anything else has no parts that count.
BRANCHING = (*CONTAINERS, FunctionType, type)
METHODS = (FunctionType, classmethod, staticmethod, property)
DEEPEST = 4

# The parts of each value of a module; what is compared by identity must not be freed.
State: TypeAlias = Mapping[str, Sequence[object]]


def process() -> State:
    """Return what the tests of a process share beside modules, such as variables and threads."""
    own = {name: os.environ[name] for name in [*os.environ] if not name.startswith(SET_BY_FIXTURES)}
    # A value that is put back is an equal one.
    known = {f"os.environ[{name}]": [sys.intern(value)] for name, value in own.items()}
    threads = {f"thread {each.name}": [each] for each in threading.enumerate()}
    finders = [each for each in sys.meta_path if type(each).__name__ != OF_SIX]
    shared: State = {
        "sys.path": [*sys.path],
        "sys.meta_path": finders,
        "a profile": [settings.default],
    }
    return {**known, **threads, **shared}


def of_pytest(session: pytest.Session) -> State:
    """Return what pytest runs tests by: plugins, what each does, and which tests are to run."""
    plugins = session.config.pluginmanager
    called = [each for of in vars(plugins.hook).values() for each in of.get_hookimpls()]
    return {
        "plugins of pytest": sorted(plugins.get_plugins(), key=id),
        "hooks of pytest": [part for each in called for part in (each, each.function)],
        "tests of pytest": [*session.items],
    }


def own(item: pytest.Item) -> State:
    """Return what pytest has collected of a test, with its marks and its fixtures' functions."""
    info = getattr(item, "_fixtureinfo", None)
    fixtures = [each for of in info.name2fixturedefs.values() for each in of] if info else []
    has = {name: [value] for name, value in vars(item).items() if name not in LATER}
    return {**has, "marks": [*item.iter_markers()], "fixtures": [each.func for each in fixtures]}


def state(module: ModuleType) -> State:
    """Return the parts of each value of a module that counts."""
    every = is_own(module)
    counted = [each for each in _named(module) if every or isinstance(each[1], (type, *FUNCTIONS))]
    return {name: [*_parts(value, module)] for name, value in counted}


def is_own(module: ModuleType) -> bool:
    """Return whether a module is the project's."""
    file = str(getattr(module, "__file__", None) or "")
    return file.startswith(ROOT) and not any(each in file for each in INSTALLED)


def reached(module: ModuleType) -> Iterator[ModuleType]:
    """Yield the project's modules that a module has, or has something of, and those they have."""
    waiting, seen = [module], {module}
    while waiting:
        one = waiting.pop()
        for value in [*vars(one).values()]:
            of = getattr(value, "__module__", None) if one is module else None
            found = sys.modules.get(of) if isinstance(of, str) else value
            if isinstance(found, ModuleType) and found not in seen and is_own(found):
                seen.add(found)
                waiting.append(found)
                yield found


def changed(before: Mapping[str, State], now: Mapping[str, State]) -> Iterator[str]:
    """Yield the names of what is another on both sides, or on one side only."""
    for module in before.keys() & now.keys():
        if (old := before[module]) is (new := now[module]):
            continue
        # Other packages get names as they are used; what is no module is ours.
        is_others = module in sys.modules and not is_own(sys.modules[module])
        for name in old if is_others else {**old, **new}:
            one, other = old.get(name, ()), new.get(name, ())
            if len(one) != len(other) or any(map(is_not, one, other)):
                yield f"{module}.{name}"


def _named(owner: object) -> Iterator[tuple[str, object]]:
    for name, value in [*vars(owner).items()]:
        # A package gets a name for each of its modules, once somebody imports that.
        is_part = isinstance(value, ModuleType) and value.__name__.endswith(f".{name}")
        # Of what Python has for itself, only methods decide.
        is_method = name.startswith("__") and isinstance(value, METHODS)
        if is_method or not (is_part or name.startswith(ASIDE)):
            yield name, value


def _parts(value: object, module: ModuleType, depth: int = 0) -> Iterator[object]:
    """Yield a value, and what it has: of a container members, of the module's class attributes."""
    yield value
    members: Iterable[object] = ()
    if isinstance(value, FunctionType):
        yield from (value.__code__, value.__defaults__, value.__kwdefaults__)
    elif isinstance(value, type):
        members = chain.from_iterable(_attributes(value, module))
    elif isinstance(value, dict):
        # What is patched away and put back stands last, under an equal name.
        items = sorted(value.items(), key=lambda each: hash(each[0]))
        pairs = ((sys.intern(key) if type(key) is str else key, of) for key, of in items)
        members = chain.from_iterable(pairs)
    elif isinstance(value, CONTAINERS):
        members = [*value]
    elif depth == 0:
        members = [each for each in attributes(value).values() if isinstance(each, FUNCTIONS)]
    if depth < DEEPEST:
        for each in members:
            if isinstance(each, BRANCHING):
                yield from _parts(each, module, depth + 1)
            else:
                yield each


def attributes(value: object) -> dict[str, object]:
    """Return what an object has of its own, and not of its class."""
    if not type(value).__dictoffset__ or isinstance(value, (ModuleType, FunctionType, type)):
        return {}
    has: dict[str, object] = object.__getattribute__(value, "__dict__")
    return has


def _attributes(of: type, module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield what a class has, if the module defines it."""
    is_whole = is_own(module) or module.__name__.partition(".")[0] in STEADY
    for name, value in _named(of) if of.__module__ == module.__name__ else ():
        if is_whole or isinstance(value, METHODS):
            yield name, value
