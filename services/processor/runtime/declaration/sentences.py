"""The words of a refusal: what was seen, within bounds, and which names are near."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any

_SHOWN_CHARACTERS = 60
_SHOWN_NAMES = 12


def seen(value: object) -> str:
    """Return a value of JSON as it is written, of at most 60 characters and its quotes.

    An object or a list is only named: "an object".
    """
    if isinstance(value, Mapping | list):
        return "an object" if isinstance(value, Mapping) else "a list"
    if isinstance(value, str):
        return json.dumps(_short(value), ensure_ascii=False)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _short(str(value))


def unknown_name(name: str, known: Iterable[str], whole: str) -> str:
    """Return the predicate of a name that ``whole`` (a dataset, an object in it) does not have."""
    names = list(known)
    near = get_close_matches(name[:_SHOWN_CHARACTERS], names, cutoff=0.6)
    if near:
        return f"is not a field of {whole}; did you mean {' or '.join(map(seen, near))}?"
    listed = ", ".join(islice(names, _SHOWN_NAMES))
    more = ", ..." if len(names) > _SHOWN_NAMES else ""
    return f"is not a field of {whole}; its fields are {listed}{more}"


def length(least: int | None, most: int | None, unit: str) -> str:
    """Return the bounds of a length as words to put after a noun: " of at most 64 characters"."""
    if least and most is not None:
        return f" of {least} to {most} {unit}"
    if least:
        return f" of at least {least} {unit}"
    return "" if most is None else f" of at most {most} {unit}"


def with_example(wanted: str, words: Mapping[str, Any]) -> str:
    """Return what is wanted, with the first of the declared examples if there are any."""
    examples = words.get("examples")
    return f"{wanted}, for example {seen(examples[0])}" if examples else wanted


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
