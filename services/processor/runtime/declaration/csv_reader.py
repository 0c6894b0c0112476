"""Reads a row of CSV: the columns of a declaration, and the struct that their cells make.

A field of an object in the row is a column of both names: ``customer_id``. An empty cell, or one
with a text that the form declares as null, is an absent field.

Rows are read quickly by the positions of their cells; one that is refused then is read again by the
names of its columns, for the reason.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, cast

from services.processor.runtime.declaration.csv_plan import plan
from services.processor.runtime.declaration.kinds import Kind, NumberKind
from services.processor.runtime.declaration.objects import (
    ListKind,
    Member,
    ObjectKind,
    missing,
)
from services.processor.runtime.declaration.sentences import unknown_name
from services.processor.runtime.errors import ContractError, RejectedRowError
from services.processor.runtime.file_form import FileForm

Row = TypeVar("Row")

Header = tuple[str, ...]

_JOINT = "_"
_MOST_PLANS = 64


class Column(NamedTuple):
    """A column of CSV and the member it fills; ``path`` has the names down to it."""

    name: str
    path: tuple[str, ...]
    member: Member


class CsvReader(Generic[Row]):
    """Reads cells by column into the struct of ``kind``."""

    def __init__(self, kind: ObjectKind, form: FileForm) -> None:
        self._kind = kind
        self.columns = {column.name: column for column in columns(kind)}
        self._columns_by_path = {".".join(each.path): name for name, each in self.columns.items()}
        self._reads = {name: column.member.kind.from_text for name, column in self.columns.items()}
        self._build = _builder(kind)
        self._nulls = frozenset({"", *form.null_texts})
        self._plans: dict[Header, Callable[[Sequence[str]], Row | None]] = {}
        self._header: Header = ()
        self._plan = self._plan_of(())

    def quick(self, header: Header, cells: Sequence[str]) -> Row | None:
        """Return the row of these cells, or ``None`` if only :meth:`read` can tell what it is."""
        if header is not self._header:
            self._plan, self._header = self._plan_of(header), header
        try:
            return self._plan(cells)
        except RejectedRowError:
            return None

    def read(self, fields: Mapping[str, str]) -> Row:
        """Return the row.

        Raises:
            RejectedRowError: it has an unknown column or breaks the declaration.

        """
        values: dict[str, object] = {}
        name = ""
        try:
            for name, cell in fields.items():
                text = cell.strip()
                if text not in self._nulls:
                    values[name] = self._reads[name](text)
        except RejectedRowError as rejected:
            self._reject_unknown(fields)
            raise _inside(rejected, self.columns[name].path) from None
        except KeyError:
            self._reject_unknown(fields)
            raise
        if not fields.keys() <= self.columns.keys():
            self._reject_unknown(fields)
        return cast("Row", self._build(values))

    def column_of(self, path: str | None) -> str | None:
        """Return how a producer of CSV names a path in the row: by its column, if it has one."""
        return self._columns_by_path.get(path or "", path)

    def _plan_of(self, header: Header) -> Callable[[Sequence[str]], Row | None]:
        if header not in self._plans:
            if len(self._plans) == _MOST_PLANS:
                self._plans.clear()
            is_known = self.columns.keys() >= set(header)
            paths = [self.columns[name].path for name in header] if is_known else []
            self._plans[header] = plan(self._kind, paths, self._nulls) if paths else _no_plan
        return self._plans[header]

    def _reject_unknown(self, fields: Mapping[str, str]) -> None:
        for name in fields:
            if name not in self.columns:
                problem = unknown_name(name, self.columns, self._kind.name)
                raise RejectedRowError("UNKNOWN_FIELD", problem, name)


def _no_plan(_: Sequence[str]) -> None:
    """Leave a row to the reader that takes it apart by its names."""


def columns(kind: ObjectKind, prefix: str = "", path: tuple[str, ...] = ()) -> Iterator[Column]:
    """Yield the columns of an object in their declared order.

    A list of objects or of lists has no column: no cell can hold it.

    Raises:
        ContractError: two fields have one column.

    """
    seen: set[str] = set()
    for member in kind.members:
        name = prefix + member.name
        if isinstance(member.kind, ObjectKind):
            found = list(columns(member.kind, name + _JOINT, (*path, member.name)))
        elif isinstance(member.kind, ListKind) and isinstance(
            member.kind.element, ObjectKind | ListKind
        ):
            continue
        else:
            found = [Column(name, (*path, member.name), member)]
        for column in found:
            if column.name in seen:
                problem = f"two fields have the CSV column {column.name}; rename one of them"
                raise ContractError(problem)
            seen.add(column.name)
            yield column


def _builder(kind: ObjectKind, prefix: str = "") -> Callable[[Mapping[str, object]], Any]:
    """Return a function that makes an object from the values of its columns, which it may lack."""
    plain = [(m.attribute, prefix + m.name) for m in kind.members if not _is_object(m)]
    required = [(prefix + m.name, m) for m in kind.members if m.is_required and not _is_object(m)]
    inner = [
        (m, prefix + m.name + _JOINT, _builder(m.kind, prefix + m.name + _JOINT))
        for m in kind.members
        if isinstance(m.kind, ObjectKind)
    ]

    def build(values: Mapping[str, object]) -> object:
        for column, member in required:
            if column not in values:
                raise missing(member, _wanted(member.kind))
        made = {name: values[column] for name, column in plain if column in values}
        for member, start, build_inner in inner:
            if member.is_required or any(column.startswith(start) for column in values):
                try:
                    made[member.attribute] = build_inner(values)
                except RejectedRowError as rejected:
                    raise rejected.inside(member.name) from None
        return kind.struct(**made)

    return build


def _wanted(kind: Kind) -> str:
    return kind.text_wanted if isinstance(kind, NumberKind) else kind.wanted


def _is_object(member: Member) -> bool:
    return isinstance(member.kind, ObjectKind)


def _inside(rejected: RejectedRowError, path: tuple[str, ...]) -> RejectedRowError:
    for name in reversed(path):
        rejected = rejected.inside(name)
    return rejected
