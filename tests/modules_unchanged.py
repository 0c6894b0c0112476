"""Whether modules are after each file of tests what they were before it.

A test that changes a list, a function or a class of a module leaves it so for those after it, which
may then prove nothing. A file may do so when it is only imported: what a module was when it had
been imported, it must be after each file that has it, and when the first test begins. What is put
back before a file's last test is over, nobody else has met. What a fixture gives to several files
is compared as well (tests/given.py).

What the project has worked out and keeps is forgotten after each file, and so are its modules that
were first imported meanwhile. After a test that may patch, they are as well, as they may be what
the patch answered.
"""

import sys
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from functools import cache
from itertools import chain
from types import ModuleType

import pytest

from tests.given import Given
from tests.imported import AsImported
from tests.module_states import (
    State,
    changed,
    is_own,
    of_pytest,
    own,
    process,
    reached,
    state,
)

# What a module remembers or chooses once, where others register when they are imported, and what is
# patched for a whole folder (tests/policy/conftest.py).
KEPT = {
    "multiprocessing.reduction.AbstractReducer",
    "multiprocessing.reduction.ForkingPickler",
    "policies.changes.contract_sources.repeated",
    "services.processor.runtime.attributes._labels",
    "tests.architecture.sources.TREES",
    "urllib3.util.wait.wait_for_socket",
    "weakref.finalize",
}
MOST = 12
CACHED = type(cache(print))
OWN, PROCESS, TEST = "its own file", "process", "this test"
LEFT = "the tests of this file leave these other than they were, for those after them"
OTHER = "what pytest knows of this test is another than when it was collected"
IMPORTED = "these are another when all tests are imported than they were by themselves"


class ModulesUnchanged:
    """Makes a test fail that changes its own file, and the last of a file that changes others."""

    def __init__(self) -> None:
        self._as_imported = AsImported()
        self._own: State = {}
        self._early: dict[str, str] = {}
        self._process: State = {}
        self._names: Collection[str] = ()
        self._clearing: Collection[Callable[[], None]] = ()
        self._given = Given()
        self._collected: dict[pytest.Item, State] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        self._as_imported.begin()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        done = yield
        module = getattr(collector, "obj", None)
        if isinstance(module, ModuleType):
            now = {each.__name__: state(each) for each in reached(module)}
            for name in changed(self._as_imported.states, now):
                self._early.setdefault(name, module.__name__)
        return done

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._collected = {item: own(item) for item in session.items}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        made = yield
        self._given.add(fixturedef, made)
        return made

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        self._own = _of(item)
        if not self._names and (found := {*self._compared(item), *self._early} - KEPT):
            by = dict.fromkeys([*self._early.values(), *_having(found)])
            _fail(f"{IMPORTED}, by {', '.join(by)}", found)
        if others := [*changed({TEST: self._collected[item]}, {TEST: own(item)})]:
            _fail(OTHER, others)
        self._given.ask(item)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> Generator[None, object, object]:
        done = yield
        found = [*changed({OWN: self._own}, {OWN: _of(item)})]
        is_last = nextitem is None or nextitem.path != item.path
        if is_last or "monkeypatch" in getattr(item, "fixturenames", ()):
            self._forget()
        if found := [*found, *(self._compared(item) if is_last else ())]:
            _fail(LEFT, found)
        return done

    def _compared(self, item: pytest.Item) -> Collection[str]:
        """Return what is another than when this was called last, or when it was imported."""
        known, now = self._as_imported.states, self._as_imported.now()
        of_process = {**process(), **of_pytest(item.session)}
        beside = changed({PROCESS: self._process or of_process}, {PROCESS: of_process})
        found = {*changed(known, now), *beside, *self._given.changed()} - KEPT
        known |= now
        self._process, self._names = of_process, now.keys()
        self._clearing = [*_clearing()]
        return found

    def _forget(self) -> None:
        """Forget what the project's modules have worked out, and each of them that is new."""
        for clear in self._clearing:
            clear()
        for name in {*sys.modules} - {*self._names}:
            if is_own(sys.modules[name]):
                package, _, last = name.rpartition(".")
                if package in sys.modules:
                    vars(sys.modules[package]).pop(last, None)
                self._as_imported.states.pop(sys.modules.pop(name).__name__, None)


def _fail(why: str, found: Iterable[str]) -> None:
    names = sorted(found)
    more = f" and {len(names) - MOST} more" if names[MOST:] else ""
    pytest.fail(f"{why}: {', '.join(names[:MOST])}{more}", pytrace=False)


def _of(item: pytest.Item) -> State:
    module = getattr(item, "module", None)
    return state(module) if isinstance(module, ModuleType) else {}


def _own_modules() -> Iterator[ModuleType]:
    return filter(is_own, [*sys.modules.values()])


def _clearing() -> Iterator[Callable[[], None]]:
    """Yield what empties a cache of the project's functions."""
    for module in _own_modules():
        owners = (module, *(each for each in vars(module).values() if isinstance(each, type)))
        for value in chain.from_iterable(vars(each).values() for each in owners):
            if isinstance(value, CACHED):
                yield value.cache_clear


def _having(found: Collection[str]) -> Iterator[str]:
    """Yield the tests' modules that have one of these, or its module, under a name of their own."""
    places = [name.rpartition(".")[::2] for name in found]
    owners = [vars(sys.modules[module]) for module, _ in places]
    values = [of[name] for of, (_, name) in zip(owners, places, strict=True) if name in of]
    known = {id(each) for each in (*values, *(sys.modules[module] for module, _ in places))}
    for module in _own_modules():
        if "test" in module.__name__ and known & {*map(id, vars(module).values())}:
            yield module.__name__
