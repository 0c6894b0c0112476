"""The function that writes a contract's standard form as text."""

from collections.abc import Callable, Mapping
from json.encoder import encode_basestring as quote
from typing import Any, TypeAlias

from msgspec import inspect

from services.processor.runtime.attributes import Plain, attribute_text
from services.processor.runtime.canonical import canonical_form
from services.processor.runtime.declaration.standard_source import is_possible, source_of
from services.processor.runtime.errors import RejectedRowError
from services.processor.runtime.stored_numbers import plain_number_text, whole_text

Texts = tuple[str, bytes]
"""A map in DynamoDB JSON, and its canonical JSON."""

Write: TypeAlias = Callable[[dict[str, Plain]], Texts | None]


def writer_of(fields: Mapping[str, inspect.Field]) -> Write:
    """Return a function that writes standard forms with these fields.

    It returns ``None`` for one that is not exactly as declared, or has too unusual fields.
    """
    declared = list(fields.values())
    if not is_possible(declared):
        return lambda _: None
    namespace: dict[str, Any] = dict(_NAMES)
    exec(source_of(declared), namespace)  # noqa: S102  # no data is part of it
    write: Write = namespace["write"]
    return write


def _texts(values: object) -> tuple[str, str]:
    if type(values) is not list:
        raise TypeError
    quoted = [quote(value) for value in values]
    return ",".join([f'{{"S":{text}}}' for text in quoted]), ",".join(quoted)


def _truth(value: object) -> str:
    if type(value) is not bool:
        raise TypeError
    return "true" if value else "false"


def _other(value: Any, levels: int) -> tuple[str, str]:  # noqa: ANN401  # of any type
    if type(value) is str:
        text = quote(value)
        return f'{{"S":{text}}}', text
    return attribute_text(value, levels), canonical_form(value).decode()


_NAMES = {
    "UNUSUAL": (KeyError, TypeError, ValueError, RejectedRowError),
    "number": plain_number_text,
    "other": _other,
    "quote": quote,
    "texts": _texts,
    "truth": _truth,
    "whole": whole_text,
}
