"""Rows derived from good ones: each field in turn takes every value that a producer might send.

Nothing is random: the same good rows and schemas give the same rows, so that a verdict can be
repeated. A row of ``n`` fields gives some twenty rows for each, and some combinations of two.
"""

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from datasets.compatibility.variants import ABSENT, NUMBERS, Schema, Variant, variants

Path = tuple[str, ...]
# A prime, so that the two of a pair don't keep step with each other.
STRIDE = 37
COMBINATIONS = 60
UNKNOWN = "unknown_field"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A row to run a contract with: JSON text, or the cells of CSV; ``origin`` says what it is."""

    dataset: str
    origin: str
    raw: str = ""
    fields: Mapping[str, str] | None = None

    @property
    def text(self) -> str:
        """The row, for people."""
        return self.raw if self.fields is None else json.dumps(self.fields, ensure_ascii=False)

    def as_request(self) -> Mapping[str, Any]:
        """Return the row as the worker is asked for it."""
        given = {"raw": self.raw} if self.fields is None else {"fields": self.fields}
        return {"dataset": self.dataset, **given}


def json_rows(dataset: str, schema: Schema, good: Mapping[str, object]) -> Iterator[Row]:
    """Yield a good row, and what becomes of it with another value in each field, and in two."""
    yield Row(dataset=dataset, origin="a good row", raw=_json(good))
    single = [
        (path, variant)
        for path, known, value in _fields(schema, good)
        for variant in variants(known, value)
    ]
    for path, (what, value) in single:
        changed = _with(good, path, value)
        yield Row(dataset=dataset, origin=f"{'.'.join(path)}: {what}", raw=_json(changed))
    for (one, (what, value)), (other, (also, second)) in _pairs(single):
        changed = _with(_with(good, one, value), other, second)
        origin = f"{'.'.join(one)}: {what}; {'.'.join(other)}: {also}"
        yield Row(dataset=dataset, origin=origin, raw=_json(changed))
    yield from _broken(dataset, good)


def csv_rows(dataset: str, good: Mapping[str, str]) -> Iterator[Row]:
    """Yield good cells, and what becomes of them with another text in each column."""
    yield Row(dataset=dataset, origin="good cells", fields=good)
    for column, cell in (*good.items(), (UNKNOWN, "")):
        texts = [*variants({}, cell), *NUMBERS]
        for what, value in texts:
            if value is ABSENT or isinstance(value, str):
                cells = {**good, column: value}
                own = {name: text for name, text in cells.items() if text is not ABSENT}
                yield Row(dataset=dataset, origin=f"column {column}: {what}", fields=own)  # type: ignore[arg-type]


def good_row(schema: Schema) -> dict[str, object] | None:
    """Return a row with every field of the schema, from its examples and limits.

    It is good as far as the schema says; None if it describes no object.
    """
    made = _value(schema, schema.get("$defs", {}))
    return made if isinstance(made, dict) else None


def as_cells(row: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return the cells of CSV that stand for a JSON object: ``customer_id``, ``a|b``."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        match value:
            case dict():
                cells |= as_cells(value, f"{prefix}{name}_")
            case list():
                cells[prefix + name] = "|".join(map(str, value))
            case None:
                cells[prefix + name] = ""
            case bool():
                cells[prefix + name] = str(value).lower()
            case _:
                cells[prefix + name] = str(value)
    return cells


def _fields(
    schema: Schema, row: Mapping[str, Any], path: Path = (), defs: Schema | None = None
) -> Iterator[tuple[Path, Schema, object]]:
    """Yield each field of the schema or of the row: its path, what is known of it, its value."""
    known = schema.get("$defs", {}) if defs is None else defs
    properties = _resolved(schema, known).get("properties", {})
    for name in dict.fromkeys((*properties, *row, UNKNOWN)):
        value = row.get(name, ABSENT)
        below = _resolved(properties.get(name, {}), known)
        yield (*path, name), below, value
        if isinstance(value, dict):
            yield from _fields(below, value, (*path, name), known)


def _pairs(single: Sequence[tuple[Path, Variant]]) -> Iterator[tuple[Any, Any]]:
    """Yield pairs of changes in different fields, spread over all fields."""
    for at in range(0, len(single), max(1, len(single) // COMBINATIONS)):
        one, other = single[at], single[(at * STRIDE + STRIDE) % len(single)]
        if one[0][0] != other[0][0]:
            yield one, other


def _broken(dataset: str, good: Mapping[str, object]) -> Iterator[Row]:
    text = _json(good)
    first = next(iter(good), "x")
    for what, raw in (
        ("no object", "[]"),
        ("an empty object", "{}"),
        ("cut off", text[:-1]),
        ("a name twice", f"{{{json.dumps(first)}: null, {text.lstrip('{')}"),
    ):
        yield Row(dataset=dataset, origin=what, raw=raw)


def _with(row: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(dict(row))
    inner = changed
    for name in path[:-1]:
        if not isinstance(inner.get(name), dict):
            return changed
        inner = inner[name]
    if value is ABSENT:
        inner.pop(path[-1], None)
    else:
        inner[path[-1]] = value
    return changed


def _resolved(schema: Schema, defs: Schema) -> Schema:
    """Return the schema itself in the place of a reference; of several, with what they say."""
    if "$ref" in schema:
        return _resolved(defs.get(schema["$ref"].rpartition("/")[2], {}), defs)
    options = [_resolved(each, defs) for each in schema.get("anyOf", ())]
    objects = [each for each in options if "properties" in each]
    return {**schema, **(objects[0] if objects else {}), "anyOf": options} if options else schema


def _value(schema: Schema, defs: Schema) -> object:
    known = _resolved(schema, defs)
    options = [each for each in (*known.get("anyOf", ()), known) if each.get("type") != "null"]
    for option in options:
        for candidates in ("examples", "enum"):
            if option.get(candidates):
                return option[candidates][0]
    kind = options[0]
    makers: Mapping[object, Callable[[], object]] = {
        "object": lambda: {n: _value(s, defs) for n, s in kind.get("properties", {}).items()},
        "array": lambda: [_value(kind.get("items", {}), defs)],
        "integer": lambda: kind.get("minimum", 1),
        "number": lambda: kind.get("minimum", 1),
        "boolean": lambda: True,
    }
    make = makers.get(kind.get("type"))
    if make is not None:
        return make()
    return "2026-01-31T23:59:59Z" if kind.get("format") == "date-time" else "12"


def _json(row: Mapping[str, object]) -> str:
    return _ENCODER.encode(row).decode()
