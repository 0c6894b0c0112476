"""What a part of a template may say at most: a shape, which has all keys that are known.

A value of a shape is itself, a pattern of the text, one of several values, or anything; a list of
one is the shape of each member of a list. Shapes are written in TOML (policies/rules/).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import naming
from policies import patterns
from policies.templates.template import Resource, as_text

ANY = re.compile(".*", re.DOTALL)


def read(rule: str) -> Mapping[str, Any]:
    """Return the tables in the TOML beside the module of a rule, its ``words`` put in place."""
    tables = patterns.beside(rule)
    words = {word: _shape(each, {}) for word, each in tables.pop("words", {}).items()}
    return {name: _shape(table, words) for name, table in tables.items()}


def _shape(written: object, words: Mapping[str, object]) -> object:
    match written:
        case dict():
            return {key: _shape(part, words) for key, part in written.items()}
        case list():
            return [_shape(part, words) for part in written]
        case str() if written.startswith("/") and written.endswith("/"):
            return re.compile(written[1:-1])
        case str():
            known = {"any": ANY, **words}
            return known.get(written, written.replace("{pipeline}", naming.PIPELINE))
    return written


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
        case str(), list() if any(not [*beside(given, each, place)] for each in shape):
            pass
        case _ if given != shape:
            yield f"{place} is {as_text(given)}"


def actions(pipeline: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each action of a pipeline with the name of its stage."""
    for stage in pipeline.properties["Stages"]:
        yield from ((stage["Name"], action) for action in stage["Actions"])
