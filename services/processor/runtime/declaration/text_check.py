"""Conditions, in generated source, under which a text breaks its kind.

Patterns are checked here because msgspec calls ``re`` for each, which takes as long as all the rest
that it does. Here the one that most texts have costs a method, and texts that have kept another are
remembered, as currencies and units come again in every row.
"""

import re
from collections.abc import Callable
from typing import Any

from services.processor.runtime.declaration.kinds import TextKind

_NOT_BLANK = r"\S"
_REMEMBERED_TEXTS = 1000
_REMEMBERED_CHARACTERS = 64


class Names:
    """What a generated function refers to by names, beside its variables."""

    def __init__(self, **known: object) -> None:
        self.namespace: dict[str, Any] = known
        self._variables = 0

    def of(self, thing: object) -> str:
        """Return a name for a thing."""
        name = f"_{len(self.namespace)}"
        self.namespace[name] = thing
        return name

    def variable(self) -> str:
        """Return the name of a new variable."""
        self._variables += 1
        return f"v{self._variables}"

    def function(self, source: str) -> Any:  # noqa: ANN401  # of any signature
        """Return the last function that the source defines."""
        exec(source, self.namespace)  # noqa: S102  # made of a declaration, no data is part of it
        return self.namespace["generated"]


def pattern_doubts(kind: TextKind, text: str, names: Names) -> list[str]:
    """Return the condition under which the variable ``text`` is not in its pattern, if any."""
    if kind.pattern is None:
        return []
    if kind.pattern.pattern == _NOT_BLANK:
        return [f"not {text} or {text}.isspace()"]
    known: set[str] = set()
    keeps = names.of(_remembering(kind.pattern, known))
    return [f"{text} not in {names.of(known)} and not {keeps}({text})"]


def _remembering(pattern: re.Pattern[str], known: set[str]) -> Callable[[str], bool]:
    """Return a function that says whether a text keeps a pattern, and if so may remember it."""

    def keeps(text: str) -> bool:
        if not pattern.search(text):
            return False
        if len(known) < _REMEMBERED_TEXTS and len(text) <= _REMEMBERED_CHARACTERS:
            known.add(text)
        return True

    return keeps
