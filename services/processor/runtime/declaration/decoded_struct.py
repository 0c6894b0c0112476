"""The struct that rows are read into: the declared one, without the patterns of its texts.

It is a subclass with the same fields, so that ``standardise`` sees no difference. Patterns are left
to whoever reads a row, because msgspec calls ``re`` for each of them.
"""

from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
from msgspec import Meta

_LIMITS = ("gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "tz")


@cache
def without_patterns(struct: type[Any]) -> type[Any]:
    """Return the one subclass of a struct, with those of structs in it, that has no patterns."""
    fields = [
        (
            field.name,
            _stripped(field.type),
            msgspec.field(default=field.default, name=field.encode_name),
        )
        for field in msgspec.structs.fields(struct)
    ]
    return msgspec.defstruct(
        struct.__name__,
        fields,
        bases=(struct,),
        module=struct.__module__,
        forbid_unknown_fields=True,
        kw_only=True,
        gc=False,  # no value of a row can refer to it
    )


def _stripped(declared: Any) -> Any:  # noqa: ANN401  # of any type
    origin, parts = get_origin(declared), get_args(declared)
    if origin is Annotated:
        inner, *notes = parts
        stripped = _stripped(inner)
        for note in notes:
            if isinstance(note, Meta):
                stripped = Annotated[stripped, _limits(note)]
        return stripped
    if origin is list:
        return list[_stripped(parts[0])]  # type: ignore[misc]
    if origin in (Union, UnionType):
        return reduce(or_, map(_stripped, parts))
    if isinstance(declared, type) and issubclass(declared, msgspec.Struct):
        return without_patterns(declared)
    return declared


def _limits(note: Meta) -> Meta:
    limits = {name: getattr(note, name) for name in _LIMITS}
    return Meta(**{name: limit for name, limit in limits.items() if limit is not None})
