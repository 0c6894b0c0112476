"""Checks that the identity of a dataset's records is in their declared standard form."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import inspect

from services.processor.runtime.declaration.fields import is_number
from services.processor.runtime.errors import ContractError


def check_version(version: int) -> None:
    """Raise ``ContractError`` unless the version is one that can be increased from 1."""
    if version < 1:
        raise ContractError(f"version is {version}; expected 1, and 1 more with each change")


def check_identity(standard_form: type[Any], key: Sequence[str], time: str | None) -> None:
    """Raise ``ContractError`` unless every record has the fields ``key`` and ``time``."""
    if isinstance(key, str):
        raise ContractError(f'key is {key!r}; expected a tuple of names, for example ("{key}",)')
    if time is not None and not key:
        raise ContractError(f"time is {time!r} without a key; a moment alone identifies no record")
    fields = _fields(standard_form)
    for name in key:
        _check(fields, "key", name, (inspect.StrType, inspect.IntType, inspect.LiteralType))
    if time is not None:
        _check(fields, "time", time, (inspect.StrType,))


def _fields(standard_form: type[Any]) -> Mapping[str, inspect.Field]:
    if standard_form is dict:
        return {}
    info = inspect.type_info(standard_form)
    if not isinstance(info, inspect.TypedDictType):
        raise ContractError(f"standard_form is {standard_form!r}; expected a TypedDict")
    return {field.encode_name: field for field in info.fields}


def _check(
    fields: Mapping[str, inspect.Field], role: str, name: str, types: tuple[type, ...]
) -> None:
    if name not in fields:
        names = ", ".join(fields) or "none that are declared"
        raise ContractError(f"{role} {name!r} is no field of the standard form, which has {names}")
    field, declared = fields[name], fields[name].type
    if isinstance(declared, inspect.Metadata):
        declared = declared.type
    if not field.required or isinstance(declared, inspect.UnionType):
        raise ContractError(f"{role} {name!r} may be absent; every record needs it, so require it")
    is_possible = isinstance(declared, types) or (role == "key" and is_number(field.type))
    if not is_possible:
        wanted = "a text or a number" if role == "key" else "a MomentText"
        raise ContractError(f"{role} {name!r} is a {type(declared).__name__}; expected {wanted}")
