"""What modules are when they have been imported, and what they are now.

Two thousand modules are looked at after each file of tests. Those of packages hardly ever change,
so what was seen of one is seen again at once, if all that it has is the same.
"""

import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import chain
from operator import attrgetter, is_, methodcaller
from types import FunctionType, ModuleType
from typing import Any

from tests.module_states import State, attributes, is_own, state

# It makes its modules again when they are first used: they are known from the first test on.
REMADE = "aws_cdk."
PARTS = ("__code__", "__defaults__", "__kwdefaults__")


class AsImported(MetaPathFinder):
    """Finds modules as all others do, and keeps the state of each when it has been imported."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self._seen: dict[ModuleType, _Seen] = {}

    def begin(self) -> None:
        """Keep the state of what has been imported, and from now on of what is."""
        self.states |= self.now()
        sys.meta_path.insert(0, self)

    def now(self) -> dict[str, State]:
        """Return the state of each module that is there."""
        there = [each for each in [*sys.modules.values()] if isinstance(each, ModuleType)]
        # The CDK has each of its modules twice, under one name.
        modules = {each.__name__: each for each in there}.values()
        self._seen = {module: self._look(module) for module in modules}
        return {module.__name__: seen.state for module, seen in self._seen.items()}

    def _look(self, module: ModuleType) -> "_Seen":
        seen = self._seen.get(module)
        return seen if seen and seen.is_same() else _Seen(module)

    def find_spec(self, name: str, *given: Any) -> ModuleSpec | None:  # noqa: ANN401  # Python's
        others = (each for each in sys.meta_path if each is not self)
        found = (each.find_spec(name, *given) for each in others if hasattr(each, "find_spec"))
        spec = next(filter(None, found), None)
        if spec and hasattr(spec.loader, "exec_module"):
            spec.loader = _Telling(spec.loader, self.states)
        return spec


class _Telling(Loader):
    """Loads a module as another loader does, and keeps what the module then is."""

    def __init__(self, loader: Any, states: dict[str, State]) -> None:  # noqa: ANN401  # any kind
        self._loader, self._states = loader, states

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # of the other
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        name = module.__name__
        if sys.modules.get(name) is module and not name.startswith(REMADE):
            self._states[name] = state(module)


class _Seen:
    """What was seen of a module, and whether all that it has is still the same."""

    def __init__(self, module: ModuleType) -> None:
        self.state = state(module)
        parts = {id(each): each for each in chain.from_iterable(self.state.values())}.values()
        classes = (each for each in parts if isinstance(each, type))
        own = [vars(each) for each in classes if each.__module__ == module.__name__]
        dicts = [each for each in parts if isinstance(each, dict)]
        has = [attributes(each) for each in vars(module).values()] if is_own(module) else []
        self._named = [vars(module), *own, *dicts, *has]
        self._listed = [*self._named, *(each for each in parts if isinstance(each, list | set))]
        self._functions = [each for each in parts if isinstance(each, FunctionType)]
        self._all = self._now()

    def is_same(self) -> bool:
        now = self._now()
        return len(now) == len(self._all) and all(map(is_, now, self._all))

    def _now(self) -> list[object]:
        values = chain(map(methodcaller("values"), self._named), self._listed)
        of_functions = (map(attrgetter(each), self._functions) for each in PARTS)
        return [*chain(chain.from_iterable(values), *of_functions)]
