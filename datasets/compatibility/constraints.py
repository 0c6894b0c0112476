"""What a contract asks of a row, one value at a time, and how it is read."""

from collections.abc import Iterator, Mapping
from typing import Any

# They say what is meant, and refuse nothing.
SAID = {"title", "description", "examples"}
# Whose members have names of their own.
PARTS = {"$defs", "properties"}


def shown(value: object) -> str:
    """Return what a contract declares as it is read: several names joined, nothing as ``none``."""
    if isinstance(value, list):
        return "+".join(map(str, value)) or "none"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return "none" if value is None else str(value)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return what two JSON schemas of a row ask otherwise: ``Reading.value.maximum``, and both.

    A constraint that only one of them has is None on the other side.
    """
    old, new = (dict(_asked(side, "")) for side in (before, after))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: (old.get(name), new.get(name)) for name in names}


def _asked(schema: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
    for name, value in schema.items():
        if name in PARTS:
            for each, part in value.items():
                yield from _asked(part, f"{at}.{each}".removeprefix("."))
        elif isinstance(value, Mapping):
            yield from _asked(value, at)
        elif name not in SAID:
            yield f"{at}.{name}".removeprefix("."), value
