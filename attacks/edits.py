"""The change of one value, wherever it is: in dictionaries, lists, and texts that are JSON."""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from policies.changes.differences import NAMES

# How a text begins that is JSON.
JSON = ("{", "[")
Change: TypeAlias = Callable[[Any], object]


def changed(value: Any, keys: Sequence[str], change: Change) -> Any:
    """Change what ``keys`` lead to in ``value``, in place, and return the whole.

    None stands for a value that is not there.
    Dictionaries are made on the way where there are none. A member of a list goes by its name, or
    by its position.

    Raises:
        LookupError: a list has no such member, or a value can't have any.

    """
    if isinstance(value, str) and value[:1] in JSON:
        new = changed(json.loads(value), keys, change)
        return json.dumps(new) if isinstance(new, dict | list) else new
    if not keys:
        return change(value)
    key, *rest = keys
    match value:
        case list():
            at: Any = _position(value, key)
        case dict() | None:
            value, at = {} if value is None else value, key
        case _:
            raise LookupError(f"{key!r} of {value!r}")
    old = value.get(at) if isinstance(value, dict) else value[at]
    new = changed(old, rest, change)
    if new is not None:
        value[at] = new
    elif isinstance(value, list) or at in value:
        del value[at]
    else:
        raise LookupError(f"there is no {key!r} to remove")
    return value


def _position(members: Sequence[Any], key: str) -> int:
    for position, member in enumerate(members):
        if isinstance(member, dict) and key in [member.get(name) for name in NAMES]:
            return position
    if not key.isdecimal():
        raise LookupError(f"no member is called {key!r}")
    return int(key)
