"""The fields of a dataset in words: those that producers write, and those that are stored."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from services.processor.runtime.declaration import Contract
from services.processor.runtime.declaration.objects import ListKind, Member, ObjectKind
from services.processor.runtime.declaration.readers import DeclaredFields

Schema = Mapping[str, Any]


class InputField(NamedTuple):
    """A field that producers write; ``column`` is empty if no CSV cell can hold it."""

    name: str
    column: str
    wanted: str
    is_required: bool
    description: str


class StandardField(NamedTuple):
    """A field of the standard form; ``kind`` is its type in words."""

    name: str
    kind: str
    is_always_there: bool
    description: str


def input_fields(contract: Contract[Any]) -> list[InputField]:
    """Return the fields of a row in their declared order; none if any are possible."""
    reader = contract.reader
    if not isinstance(reader, DeclaredFields):
        return []
    columns = {".".join(each.path): each.name for each in reader.csv.columns.values()}
    schema = contract.row_schema()
    return list(_inputs(reader.kind, schema, resolved(schema, schema), columns, "", required=True))


def _inputs(
    kind: ObjectKind,
    whole: Schema,
    schema: Schema,
    columns: Mapping[str, str],
    prefix: str,
    *,
    required: bool,
) -> Iterator[InputField]:
    for member in kind.members:
        name, is_required = prefix + member.name, required and member.is_required
        declared = resolved(whole, schema["properties"][member.name])
        inner = _inner(member)
        yield InputField(
            name,
            columns.get(name, ""),
            "an object" if isinstance(member.kind, ObjectKind) else member.kind.wanted,
            is_required,
            declared.get("description", ""),
        )
        if inner:
            element = resolved(whole, declared.get("items", declared))
            below = name + ("." if inner is member.kind else "[].")
            yield from _inputs(inner, whole, element, columns, below, required=is_required)


def _inner(member: Member) -> ObjectKind | None:
    kind = member.kind.element if isinstance(member.kind, ListKind) else member.kind
    return kind if isinstance(kind, ObjectKind) else None


def standard_fields(contract: Contract[Any]) -> list[StandardField]:
    """Return the fields of the standard form; none if any are possible."""
    whole = contract.standard_schema()
    return list(_standards(whole, resolved(whole, whole), ""))


def _standards(whole: Schema, schema: Schema, prefix: str) -> Iterator[StandardField]:
    for name, declared in schema.get("properties", {}).items():
        field = resolved(whole, declared)
        yield StandardField(
            prefix + name,
            kind_in_words(whole, field),
            name in schema.get("required", ()),
            declared.get("description", field.get("description", "")),
        )
        element = resolved(whole, field.get("items", {}))
        yield from _standards(whole, field, f"{prefix}{name}.")
        yield from _standards(whole, element, f"{prefix}{name}[].")


def kind_in_words(whole: Schema, schema: Schema) -> str:
    """Return a schema's type as people say it: "text", "list of text", "one of ..."."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kind = schema.get("type")
    if kind == "array":
        return "list of " + kind_in_words(whole, resolved(whole, schema.get("items", {})))
    if kind == "string" and schema.get("format") == "date-time":
        return "moment"
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "object",
    }
    return words.get(str(kind), "any value")


def resolved(whole: Schema, schema: Schema) -> Schema:
    """Return a schema without references, and without ``null`` as an alternative."""
    while True:
        if "$ref" in schema:
            target: Schema = whole
            for name in schema["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
        elif "anyOf" in schema:
            [schema] = [one for one in schema["anyOf"] if one != {"type": "null"}][:1]
        else:
            return schema
