"""Values to try in the place of a value, by what a schema says of it and by what it is.

Each comes with a word for what it is: ``absent``, ``a number``, ``at its greatest length``. A
schema is a JSON Schema as msgspec writes it, empty if nothing is known.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

Schema = Mapping[str, Any]
Variant = tuple[str, object]

ABSENT = object()
LONG = 3000
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
TYPES: tuple[Variant, ...] = (
    ("null", None),
    ("true", True),
    ("a number", 7),
    ("a text", "seven"),
    ("an empty list", []),
    ("an object", {"other": 1}),
)
NUMBERS: tuple[Variant, ...] = (
    *(
        ("0", 0),
        ("-1", -1),
        ("1", 1),
        ("999", 999),
        ("2.0", Decimal("2.0")),
        ("2.5", Decimal("2.5")),
    ),
    *(
        ("five decimals", Decimal("0.12345")),
        ("1E+3", Decimal("1E+3")),
        ("39 digits", Decimal(10**38 + 1)),
    ),
    *(("a number as text", "2.50"), ("with a comma", "2,50"), ("with thousands", "1.234,50")),
    *(("with a sign", "+2"), ("a number with blanks", " 2 "), ("negative as text", "-2")),
)
MOMENTS: tuple[Variant, ...] = (
    ("a moment of microseconds", "2026-01-31T23:59:59.999999Z"),
    ("a moment of nanoseconds", "2026-01-31T23:59:59.999999999Z"),
    ("a moment with an offset", "2026-01-31T23:59:59+05:30"),
    ("a moment without an offset", "2026-01-31T23:59:59"),
    ("a moment with a blank", "2026-01-31 23:59:59Z"),
    ("a day", "2026-01-31"),
    ("a day with dots", "31.01.2026"),
    ("a moment long ago", "0001-01-01T00:00:00+01:00"),
    ("a moment far ahead", "9999-12-31T23:59:59-01:00"),
    ("no moment at all", "2026-02-30T25:00:00Z"),
    ("a number for a moment", 1769900399),
)
TEXTS: tuple[Variant, ...] = (
    *(
        ("empty", ""),
        ("a blank", " "),
        ("one letter", "x"),
        ("in Greek", "Αθήνα"),
        ("an emoji", "🙂"),
    ),
    *(("of many letters", "x" * LONG), ("with a line break", "one\ntwo"), ("a zero byte", "a\0b")),
    *(("a list of words", "b|a|b"), ("null as text", "NULL"), ("n/a", "n/a"), ("yes", "yes")),
)
LIMITS = (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 1), ("exclusiveMaximum", -1))


def variants(schema: Schema, value: object) -> Iterator[Variant]:
    """Yield what to try in the place of ``value``, which may be ``ABSENT``."""
    yield "absent", ABSENT
    yield from TYPES
    options = (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()))
    for option in options:
        yield from ((f"the example {each}", each) for each in option.get("examples", ()))
        yield from ((f"{each!r}", each) for each in option.get("enum", ()))
        yield from _at_limits(option, value)
    if isinstance(value, str):
        yield from _spellings(value)
        yield from TEXTS
    types = {option.get("type") for option in options}
    if isinstance(value, int | Decimal | float) or {"integer", "number"} & types or not schema:
        yield from NUMBERS
    if "date-time" in {each.get("format") for each in options} or _is_moment(value):
        yield from MOMENTS
    if isinstance(value, list):
        yield from _lists(value)


def _spellings(value: str) -> Iterator[Variant]:
    yield "with blanks around it", f"  {value}\t"
    yield "in capitals", value.upper()
    yield "in small letters", value.lower()
    yield "with more after it", f"{value}x"
    yield "cut short", value[:-1]
    yield "with blanks inside", f"{value[:1]} {value[1:]}"


def _at_limits(schema: Schema, value: object) -> Iterator[Variant]:
    for name, beyond in LIMITS:
        if name in schema:
            yield f"at its {name}", schema[name]
            yield f"beyond its {name}", schema[name] + beyond
    if "multipleOf" in schema:
        step, least = (Decimal(str(schema.get(name, 0))) for name in ("multipleOf", "minimum"))
        yield "at a step of its multipleOf", least + step
        yield "between two steps of its multipleOf", least + (step / 10 if step < 1 else step + 1)
    text = value if isinstance(value, str) and value else "x"
    for name, beyond in (("minLength", -1), ("maxLength", 1)):
        if name in schema:
            for words, length in (("at", schema[name]), ("beyond", schema[name] + beyond)):
                yield f"{words} its {name}", _of_length(text, max(length, 0))
    for name, beyond in (("minItems", -1), ("maxItems", 1)):
        if name in schema and isinstance(value, list) and value:
            for words, length in (("at", schema[name]), ("beyond", schema[name] + beyond)):
                yield f"{words} its {name}", (value * (length + 1))[: max(length, 0)]


def _of_length(text: str, length: int) -> str:
    return (text + "x" * length)[:length]


def _lists(value: Sequence[object]) -> Iterator[Variant]:
    yield "a list of one", [*value[:1]]
    yield "a list in another order", [*value[::-1], "b", "a"]
    yield "a list with doubles", [*value, *value, "x", "x"]
    yield "a list with null", [*value, None]
    yield "a list with a number", [*value, 7]


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and MOMENT.match(value) is not None
