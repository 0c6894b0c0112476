"""What a part of a template may say at most: a shape, which has all keys that are known."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from policies.templates.template import as_text

# A value is itself, a pattern of its text, one member of a list of them, or anything.
ANY = re.compile(".*", re.DOTALL)
Shape: TypeAlias = Mapping[str, Any]


def beside(given: object, shape: object, place: str) -> Iterator[str]:
    """Yield each place of ``given`` that the shape does not have, or not with this value."""
    match given, shape:
        case dict(), dict():
            for key in sorted(given):
                yield from beside(given[key], shape.get(key, ()), f"{place}.{key}")
        case list(), [member]:
            for number, each in enumerate(given):
                yield from beside(each, member, f"{place}.{number}")
        case _, re.Pattern() if shape.fullmatch(as_text(given)):
            pass
        case _ if given != shape:
            yield f"{place} is {as_text(given)}"


def named(*names: str) -> Shape:
    """Return a shape in which each of ``names`` may be anything."""
    return dict.fromkeys(names, ANY)
