"""Counts the members that an object of JSON had, from the struct it was decoded into."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any

from services.processor.runtime.declaration.kinds import Kind, NumberKind
from services.processor.runtime.declaration.objects import ListKind, Member, ObjectKind

_NUMBERS = (int, Decimal)


def member_counter(kind: ObjectKind) -> Callable[[Any], int]:
    """Return a function that counts the members an object of this kind was decoded from.

    Nulls are not counted. It raises ``ValueError`` if a ``Number`` is none or breaks its limits,
    which msgspec does not know.
    """
    members = list(_certain(kind))
    required = sum(member.is_required for _, member in members)
    optional = _getter([path for path, member in members if not member.is_required])
    parts = [
        (attrgetter(path), _part_counter(member))
        for path, member in members
        if _has_parts(member.kind) and not _is_certain(member)
    ]

    def count(struct: object) -> int:
        set_or_not = optional(struct)
        members = required + len(set_or_not) - set_or_not.count(None)
        for get, count_part in parts:
            members += count_part(get(struct))
        return members

    return count


def _certain(kind: ObjectKind, prefix: str = "") -> Iterator[tuple[str, Member]]:
    """Yield the members of an object, and of those in it that it must have, with their paths."""
    for member in kind.members:
        path = prefix + member.attribute
        yield path, member
        if isinstance(member.kind, ObjectKind) and _is_certain(member):
            yield from _certain(member.kind, f"{path}.")


def _is_certain(member: Member) -> bool:
    return isinstance(member.kind, ObjectKind) and not member.is_nullable


def _has_parts(kind: Kind) -> bool:
    if isinstance(kind, ListKind):
        return _has_parts(kind.element)
    return isinstance(kind, ObjectKind | NumberKind)


def _part_counter(member: Member) -> Callable[[Any], int]:
    count = _value_counter(member.kind)
    if not member.is_nullable:
        return count
    return lambda value: 0 if value is None else count(value)


def _value_counter(kind: Kind) -> Callable[[Any], int]:
    if isinstance(kind, ObjectKind):
        return member_counter(kind)
    if isinstance(kind, ListKind):
        count_element = _value_counter(kind.element)
        return lambda values: sum(map(count_element, values))
    limits = [limit.keeps for limit in kind.limits] if isinstance(kind, NumberKind) else []

    def count_number(number: int | Decimal) -> int:
        if type(number) not in _NUMBERS:
            raise ValueError(number)
        for keeps in limits:
            if not keeps(number):
                raise ValueError(number)
        return 0

    return count_number


def _getter(paths: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    if len(paths) > 1:
        return attrgetter(*paths)
    getters = [attrgetter(path) for path in paths]
    return lambda struct: tuple(get(struct) for get in getters)
