"""Reads the cells of a CSV record by their positions, as one header says what they are.

How it works: for a header whose columns are all declared a function is generated, as
``dataclasses`` does, so that no row needs its names. For the header ``id,customer_tier``:

    def generated(cells):
        c0, c1, = cells
        c0 = c0.strip()
        if c0 in nulls: return None
        if not 0 <= len(c0) <= 64: return None
        c1 = c1.strip()
        if c1 in nulls: return None
        if c1 not in _1: return None
        v1 = _2(tier=c1)
        row = _3(id=c0, customer=v1)
        return row

It returns ``None``, or raises ``RejectedRowError``, for every row that is to be refused: only the
reader that takes a row apart by its names knows the reason.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from services.processor.runtime.declaration.kinds import ChoiceKind, Kind, TextKind
from services.processor.runtime.declaration.objects import (
    SEPARATOR,
    ListKind,
    ObjectKind,
)
from services.processor.runtime.declaration.text_check import Names, pattern_doubts

Path = tuple[str, ...]


def plan(
    kind: ObjectKind, header: Sequence[Path], nulls: frozenset[str]
) -> Callable[[Sequence[str]], Any]:
    """Return a function that reads a record whose cells, in their order, fill these members."""
    return _Plan(header, nulls).function(kind)


class _Plan:
    """Writes the lines of the function, in which the cells are variables."""

    def __init__(self, header: Sequence[Path], nulls: frozenset[str]) -> None:
        self._cells = {path: f"c{at}" for at, path in enumerate(header)}
        self._names = Names(nulls=nulls)

    def function(self, kind: ObjectKind) -> Callable[[Sequence[str]], Any]:
        first = "".join(f"{cell}, " for cell in self._cells.values()) + "= cells"
        lines = [first, *self._object(kind, (), "row", is_required=True), "return row"]
        source = "def generated(cells):\n" + "".join(f"    {line}\n" for line in lines)
        read: Callable[[Sequence[str]], Any] = self._names.function(source)
        return read

    def _object(
        self, kind: ObjectKind, path: Path, variable: str, *, is_required: bool
    ) -> Iterator[str]:
        """Yield the lines that make an object of its cells in a variable."""
        values: dict[str, str] = {}
        for member in kind.members:
            inner, is_needed = (*path, member.name), is_required and member.is_required
            if isinstance(member.kind, ObjectKind):
                values[member.attribute] = value = self._names.variable()
                yield from self._object(member.kind, inner, value, is_required=is_needed)
            elif inner in self._cells:
                values[member.attribute] = value = self._cells[inner]
                yield from self._cell(member.kind, value, is_required=is_needed)
            elif is_needed:
                yield "return None"
        arguments = ", ".join(f"{name}={value}" for name, value in values.items())
        making = f"{variable} = {self._names.of(kind.struct)}({arguments})"
        if not is_required:
            yield from self._unless_absent(kind, path, variable, values)
            making = f"else: {making}"
        yield making

    def _unless_absent(
        self, kind: ObjectKind, path: Path, variable: str, values: Mapping[str, str]
    ) -> Iterator[str]:
        """Yield conditions under which an object is absent, or lacks a member that it must have."""
        cells = [cell for each, cell in self._cells.items() if each[: len(path)] == path]
        absent = " and ".join(f"{cell} is None" for cell in cells) or "True"
        yield f"if {absent}: {variable} = None"
        for member in kind.members:
            if member.is_required:
                value = values.get(member.attribute, "None")
                yield f"elif {value} is None: return None"

    def _cell(self, kind: Kind, cell: str, *, is_required: bool) -> Iterator[str]:
        """Yield the lines that put the value of a cell in its place."""
        yield f"{cell} = {cell}.strip()"
        lines = list(self._value(kind, cell))
        if is_required:
            yield f"if {cell} in nulls: return None"
            yield from lines
        else:
            yield f"if {cell} in nulls: {cell} = None"
            if lines:
                yield "else:"
                yield from (f"    {line}" for line in lines)

    def _value(self, kind: Kind, text: str) -> Iterator[str]:
        if isinstance(kind, ListKind) and isinstance(kind.element, TextKind):
            yield f"{text} = {text}.split({SEPARATOR!r})"
            yield f"if not {kind.min_length} <= len({text}) <= {kind.max_length}: return None"
            element = self._names.variable()
            lines = list(self._value(kind.element, element))
            if lines:
                yield f"for {element} in {text}:"
                yield from (f"    {line}" for line in lines)
        elif isinstance(kind, ChoiceKind):
            yield f"if {text} not in {self._names.of(kind.choices)}: return None"
        elif isinstance(kind, TextKind):
            yield f"if not {kind.min_length} <= len({text}) <= {kind.max_length}: return None"
            for doubt in pattern_doubts(kind, text, self._names):
                yield f"if {doubt}: return None"
        else:
            yield f"{text} = {self._names.of(kind.from_text)}({text})"
