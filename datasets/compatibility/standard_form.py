"""What a listener can rely on in standard forms: fields, types, and what is always there.

It is read off the forms themselves, so that it is true whatever a declaration says.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
ELEMENT = "[]"
TEXT, MOMENT_TEXT = "text", "moment"
SCALARS = (str, int, Decimal)
MOST = 0.75
# Whoever expects the first can read the second.
COVERS = {TEXT: {MOMENT_TEXT}, "number": {"whole number"}}
TYPES: Mapping[type, str] = {
    type(None): "null",
    bool: "true or false",
    int: "whole number",
    Decimal: "number",
    list: "list",
    dict: "object",
}


@dataclass(slots=True)
class Field:
    """The types of a field's values, and in how many of the objects around it the field is."""

    types: set[str] = field(default_factory=set)
    seen: int = 0


Fields: TypeAlias = Mapping[str, Field]


def fields_of(forms: Iterable[Mapping[str, Any]]) -> Fields:
    """Return the fields of all forms by path: ``customer.tier``, ``tags[]``; ``""`` is the form."""
    found: dict[str, Field] = defaultdict(Field)
    for form in forms:
        for path, value in _values(form, ""):
            found[path].types.add(_type(value))
            found[path].seen += 1
    return dict(found)


def common(forms: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Return the values, each with its field, that three of four forms have, or more."""
    texts = (
        (name, str(value))
        for each in forms
        for name, value in each.items()
        if isinstance(value, SCALARS)
    )
    return {text for text, count in Counter(texts).items() if count >= MOST * len(forms)}


def breaks(before: Fields, after: Fields, renamed: Mapping[str, str]) -> list[str]:
    """Return what a listener that knows ``before`` trips over in ``after``, a few words for each.

    ``renamed`` are fields whose values are in others now. A new field breaks nothing.
    """
    return [
        words
        for path in sorted(before)
        if path and _parent(path) in after
        for words in _break(path, before, after, renamed)
    ]


def renamed(pairs: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> Mapping[str, str]:
    """Return the fields of the first forms whose values the second ones have in a new field."""
    names: dict[str, set[str]] = {}
    for before, after in pairs:
        old, new = dict(_values(before, "")), dict(_values(after, ""))
        for path in old.keys() - new.keys():
            heirs = {each for each in new.keys() - old.keys() if new[each] == old[path]}
            names[path] = names.get(path, heirs) & heirs
    return {path: min(heirs) for path, heirs in names.items() if heirs}


def _break(path: str, before: Fields, after: Fields, renamed: Mapping[str, str]) -> Iterator[str]:
    if path not in after:
        yield f"{path} is now {renamed[path]}" if path in renamed else f"{path} is gone"
        return
    known = before[path].types.union(*(COVERS.get(each, set()) for each in before[path].types))
    other = after[path].types - known
    if other:
        was, is_now = (" or ".join(sorted(each)) for each in (before[path].types, other))
        yield f"{path} was {was}, is now {is_now}"
    if _is_always_there(path, before) and not _is_always_there(path, after):
        yield f"{path} is not always there"


def _is_always_there(path: str, fields: Fields) -> bool:
    return not path.endswith(ELEMENT) and fields[path].seen == fields[_parent(path)].seen


def _parent(path: str) -> str:
    if path.endswith(ELEMENT):
        return path.removesuffix(ELEMENT)
    return path.rpartition(".")[0]


def _values(value: object, path: str) -> Iterator[tuple[str, object]]:
    yield path, value
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from _values(inner, path + ELEMENT)


def _type(value: object) -> str:
    if isinstance(value, str):
        return MOMENT_TEXT if MOMENT.fullmatch(value) else TEXT
    return TYPES[type(value)]
