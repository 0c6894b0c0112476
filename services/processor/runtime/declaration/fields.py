"""The types of a contract's fields that neither Python nor msgspec has."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from msgspec import Meta, inspect

IS_NUMBER = "is_number"

if TYPE_CHECKING:
    Number: TypeAlias = int | Decimal
else:
    # An exact number, in the form that it is stored in. In JSON it may be a text as well, which
    # producers without exact numbers write; to msgspec it is therefore anything.
    Number = Annotated[Any, Meta(extra={IS_NUMBER: True}, extra_json_schema={"type": "number"})]

# A moment in a row; it has an offset from UTC, or gets the one of its form's zone.
Moment = Annotated[datetime, Meta(tz=True)]
# A moment in a standard form, as ``utc_ms`` writes it.
MomentText = Annotated[
    str,
    Meta(
        description="In UTC, to the millisecond.",
        examples=["2026-01-31T23:59:59.123Z"],
        extra_json_schema={"format": "date-time"},
    ),
]


def number(
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    decimal_places: int | None = None,
    description: str | None = None,
    examples: Sequence[int | str] = (),
) -> Meta:
    """Return the limits of a ``Number``, each of which it may reach, with its documentation.

    ``examples`` with decimals are texts, as ``"19.90"``: a ``float`` would not be exact.
    """
    extra = {"minimum": minimum, "maximum": maximum, "decimal_places": decimal_places}
    schema: dict[str, Any] = {"minimum": minimum, "maximum": maximum}
    if decimal_places is not None:
        schema["multipleOf"] = 10**-decimal_places
    return Meta(
        description=description,
        examples=list(examples) or None,
        extra={name: limit for name, limit in extra.items() if limit is not None},
        extra_json_schema={name: limit for name, limit in schema.items() if limit is not None},
    )


def is_number(declared: inspect.Type) -> bool:
    """Return whether a field of this type was declared as ``Number``."""
    return isinstance(declared, inspect.Metadata) and IS_NUMBER in (declared.extra or {})
