"""The kinds of values that hold others: lists, and objects with declared fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from msgspec import Struct

from services.processor.runtime.declaration.kinds import Kind, refused
from services.processor.runtime.declaration.sentences import unknown_name
from services.processor.runtime.errors import RejectedRowError

# Between the elements of a list in one cell.
SEPARATOR = "|"


class ListKind(Struct, frozen=True):
    """A list of values of one kind; in a cell, with ``|`` between them."""

    wanted: str
    element: Kind
    min_length: int
    max_length: int

    def from_json(self, value: object) -> list[object]:
        if not isinstance(value, list):
            raise refused("WRONG_TYPE", value, self.wanted)
        return self._read(value, self.element.from_json)

    def from_text(self, text: str) -> list[object]:
        return self._read(text.split(SEPARATOR), self.element.from_text)

    def _read(self, values: Sequence[Any], read: Any) -> list[object]:  # noqa: ANN401  # of either
        if not self.min_length <= len(values) <= self.max_length:
            problem = f"has {len(values)} elements; expected {self.wanted}"
            raise RejectedRowError("BAD_LENGTH", problem)
        elements: list[object] = []
        for index, value in enumerate(values):
            try:
                elements.append(read(value))
            except RejectedRowError as rejected:
                raise rejected.inside(f"[{index}]") from None
        return elements


class Member(Struct, frozen=True):
    """A field of an object: its name in the struct, and the producer's ``name`` for it."""

    attribute: str
    name: str
    kind: Kind
    is_required: bool
    is_nullable: bool


@dataclass(frozen=True)
class ObjectKind:
    """An object, read into a struct; it has no other fields than the declared ones."""

    struct: type[Any]
    name: str
    members: Sequence[Member]

    @property
    def wanted(self) -> str:
        return "an object with " + ", ".join(member.name for member in self.members)

    @cached_property
    def by_name(self) -> Mapping[str, Member]:
        return {member.name: member for member in self.members}

    def from_json(self, value: object) -> Any:  # noqa: ANN401  # an instance of the struct
        if not isinstance(value, dict):
            raise refused("WRONG_TYPE", value, self.wanted)
        for name in value:
            if name not in self.by_name:
                problem = unknown_name(name, self.by_name, self.name)
                raise RejectedRowError("UNKNOWN_FIELD", problem, name)
        values: dict[str, object] = {}
        for member in self.members:
            if member.name in value:
                values[member.attribute] = read_member(member, value[member.name])
            elif member.is_required:
                raise missing(member, member.kind.wanted)
        return self.struct(**values)

    def from_text(self, text: str) -> Any:  # noqa: ANN401  # it always raises
        raise refused("WRONG_TYPE", text, self.wanted)


def read_member(member: Member, value: object) -> object:
    """Return a member's value of JSON, or raise ``RejectedRowError`` with the path to the fault."""
    if value is None and member.is_nullable:
        return None
    try:
        return member.kind.from_json(value)
    except RejectedRowError as rejected:
        raise rejected.inside(member.name) from None


def missing(member: Member, wanted: str) -> RejectedRowError:
    """Return the refusal of an object without a required member, which ``wanted`` describes."""
    problem = f"is missing or empty; expected {wanted}"
    return RejectedRowError("MISSING_FIELD", problem, member.name)
