"""Checks of a declared standard form: it can be stored, and has the identity of its records."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import inspect

from services.processor.runtime.declaration.fields import is_number
from services.processor.runtime.errors import ContractError
from services.processor.runtime.keys import NOTES

_STORED = (
    inspect.StrType,
    inspect.IntType,
    inspect.BoolType,
    inspect.LiteralType,
    inspect.NoneType,
    inspect.AnyType,
)


def check_dataset(name: str) -> None:
    """Raise ``ContractError`` if the ids of its records would be those of something else."""
    if name == NOTES:
        problem = "ids that begin so are of the operators' notes"
        raise ContractError(f"{problem}; name the dataset otherwise")


def check_version(version: int) -> None:
    """Raise ``ContractError`` unless the version is one that can be increased from 1."""
    if version < 1:
        raise ContractError(f"version is {version}; expected 1, and 1 more with each change")


def fields_of(standard_form: type[Any]) -> Mapping[str, inspect.Field]:
    """Return the declared fields of a standard form by name; ``dict`` declares none.

    Raises:
        ContractError: it is no ``TypedDict``, or a value in it is of a type that is not stored.

    """
    if standard_form is dict:
        return {}
    try:
        info = inspect.type_info(standard_form)
    except (TypeError, NameError) as error:
        raise ContractError(f"standard_form has a type that cannot be read: {error}") from error
    if not isinstance(info, inspect.TypedDictType):
        raise ContractError(f"standard_form is {standard_form!r}; expected a TypedDict")
    for field in info.fields:
        _check_type(field.type, field.encode_name)
    return {field.encode_name: field for field in info.fields}


def _check_type(declared: inspect.Type, path: str) -> None:
    match declared:
        case _ if is_number(declared):
            return
        case inspect.Metadata(type=inner):
            _check_type(inner, path)
        case inspect.UnionType(types=types):
            for each in types:
                _check_type(each, path)
        case inspect.ListType(item_type=item):
            _check_type(item, f"{path}[]")
        case inspect.DictType(value_type=value):
            _check_type(value, f"{path}.*")
        case inspect.TypedDictType(fields=fields):
            for field in fields:
                _check_type(field.type, f"{path}.{field.encode_name}")
        case _ if not isinstance(declared, _STORED):
            possible = "str, int, bool, Number, MomentText, Literal, list, dict, TypedDict, None"
            problem = f"{path} of the standard form is a {type(declared).__name__}"
            raise ContractError(f"{problem}, which is not stored; expected one of {possible}")


def check_identity(
    fields: Mapping[str, inspect.Field], key: Sequence[str], time: str | None
) -> None:
    """Raise ``ContractError`` unless every record has the fields ``key`` and ``time``."""
    if isinstance(key, str):
        raise ContractError(f'key is {key!r}; expected a tuple of names, for example ("{key}",)')
    if time is not None and not key:
        raise ContractError(f"time is {time!r} without a key; a moment alone identifies no record")
    for name in key:
        _check(fields, "key", name, (inspect.StrType, inspect.IntType, inspect.LiteralType))
    if time is not None:
        _check(fields, "time", time, (inspect.StrType,))


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
