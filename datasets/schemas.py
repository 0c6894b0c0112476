"""JSON Schemas of a dataset: of the rows that producers write, and of the data in events."""

from collections.abc import Mapping
from typing import Any

from services.processor.runtime.declaration import Contract


def row_schema(contract: Contract[Any]) -> dict[str, Any]:
    """Return the schema of a row in JSON, in which an exact number may be a text."""
    schema: dict[str, Any] = _relaxed(contract.row_schema(), frozenset({"number"}))
    return schema


def standard_schema(contract: Contract[Any]) -> dict[str, Any]:
    """Return the schema of the standard form as events carry it.

    A number that many readers would change is a text there, see docs/events.md.
    """
    relaxed = _relaxed(contract.standard_schema(), frozenset({"number", "integer"}))
    schema: dict[str, Any] = relaxed
    return schema


def without_references(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema that can stand within another document: what it refers to is put in place."""
    inlined: dict[str, Any] = _inlined(schema, schema.get("$defs", {}))
    return inlined


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:  # any part
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, Mapping):
        return part
    if "$ref" in part:
        part = definitions[part["$ref"].rpartition("/")[2]] | {
            name: value for name, value in part.items() if name != "$ref"
        }
    return {name: _inlined(value, definitions) for name, value in part.items() if name != "$defs"}


def _relaxed(schema: Any, kinds: frozenset[str]) -> Any:  # any part of a schema
    if isinstance(schema, list):
        return [_relaxed(each, kinds) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    relaxed = {name: _relaxed(value, kinds) for name, value in schema.items()}
    if relaxed.get("type") in kinds:
        relaxed["type"] = [relaxed["type"], "string"]
        # A binary fraction has no exact multiples, so validators would refuse good numbers.
        relaxed.pop("multipleOf", None)
    return relaxed
