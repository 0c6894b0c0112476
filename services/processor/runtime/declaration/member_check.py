"""What msgspec does not tell of an object that it decoded: how many members it had, and patterns.

How it works: for the kind of an object a function is generated, as ``dataclasses`` does, that looks
at those of its attributes where there is anything to check or count. For an object with the members
``id``, a text that is not blank, ``price: Number`` and ``note: str | None = None``:

    def generated(row):
        n = 2
        v1 = row.id
        if not v1 or v1.isspace(): return -1
        v2 = row.price
        if type(v2) is not int and type(v2) is not Decimal: return -1
        v3 = row.note
        if v3 is not None:
            n += 1
        return n
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from services.processor.runtime.declaration.kinds import Kind, NumberKind, TextKind
from services.processor.runtime.declaration.objects import ListKind, Member, ObjectKind
from services.processor.runtime.declaration.text_check import Names, pattern_doubts


def member_counter(kind: ObjectKind) -> Callable[[Any], int]:
    """Return a function that counts the members an object of this kind was decoded from.

    Optional members that are null are not counted. It returns -1 if a text is not in its pattern,
    or a ``Number`` is none or breaks its limits, which msgspec does not know.
    """
    names = Names(Decimal=Decimal)
    lines = ["n = 0", *_members(kind, "row", names), "return n"]
    source = "def generated(row):\n" + "".join(f"    {line}\n" for line in lines)
    count: Callable[[Any], int] = names.function(source)
    return count


def _members(kind: ObjectKind, value: str, names: Names) -> Iterator[str]:
    yield f"n += {sum(member.is_required for member in kind.members)}"
    for member in kind.members:
        variable = names.variable()
        lines = list(_member(member, variable, names))
        if lines:
            yield f"{variable} = {value}.{member.attribute}"
            yield from lines


def _member(member: Member, value: str, names: Names) -> Iterator[str]:
    lines = list(_checks(member.kind, value, names))
    if not member.is_required:
        lines = ["n += 1", *lines]
    if lines and member.is_nullable:
        yield f"if {value} is not None:"
        lines = [f"    {line}" for line in lines]
    yield from lines


def _checks(kind: Kind, value: str, names: Names) -> Iterator[str]:
    """Yield the lines that check and count what is in the variable ``value``."""
    if isinstance(kind, ObjectKind):
        yield from _members(kind, value, names)
    elif isinstance(kind, ListKind):
        element = names.variable()
        lines = list(_checks(kind.element, element, names))
        if lines:
            yield f"for {element} in {value}:"
            yield from (f"    {line}" for line in lines)
    else:
        for doubt in _doubts(kind, value, names):
            yield f"if {doubt}: return -1"


def _doubts(kind: Kind, value: str, names: Names) -> list[str]:
    if isinstance(kind, TextKind):
        return pattern_doubts(kind, value, names)
    if not isinstance(kind, NumberKind):
        return []
    is_none = f"type({value}) is not int and type({value}) is not Decimal"
    return [is_none, *(f"not {names.of(limit.keeps)}({value})" for limit in kind.limits)]
