"""Names that an object of JSON has twice: parsers keep one of the values and say nothing."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from services.processor.runtime.declaration.sentences import seen
from services.processor.runtime.errors import RejectedRowError


class NameTwice(dict[str, object]):
    """An object in which ``name`` is there twice, with two values."""

    name: str
    values_seen: list[object]


def object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object with these members; one with a name twice is remembered as such."""
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    twice = NameTwice(value)
    twice.name = name_twice([name for name, _ in pairs])
    twice.values_seen = [each for name, each in pairs if name == twice.name]
    return twice


def name_twice(names: Sequence[str]) -> str:
    """Return the first name that comes again, of names that are not all different."""
    times = Counter(names)
    return next(name for name in names if times[name] > 1)


def has_unique_names(raw: bytes) -> bool:
    """Return whether no object in valid JSON text has a name twice."""
    found: list[NameTwice] = []

    def note(pairs: list[tuple[str, object]]) -> None:
        if len(dict(pairs)) < len(pairs):
            found.append(NameTwice())

    json.loads(raw, parse_float=str, parse_int=str, object_pairs_hook=note)
    return not found


def reject_name_twice(value: object) -> None:
    """Raise ``RejectedRowError`` for the first name in ``value`` that is there twice."""
    if isinstance(value, NameTwice):
        first, second = map(seen, value.values_seen[:2])
        problem = f"is there twice, as {first} and as {second}; expected once"
        raise RejectedRowError("DUPLICATE_FIELD", problem, value.name)
    parts: Iterable[tuple[str, object]] = ()
    if isinstance(value, dict):
        parts = value.items()
    elif isinstance(value, list):
        parts = ((f"[{index}]", element) for index, element in enumerate(value))
    for name, part in parts:
        try:
            reject_name_twice(part)
        except RejectedRowError as rejected:
            raise rejected.inside(name) from None
