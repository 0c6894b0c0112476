"""Whether a field's pattern is found in linear time, or a text can make it try for ever.

``re`` goes back to an earlier choice when what follows does not match, and tries the other way. A
text with two ways through ``(a+)+`` has 2ⁿ, so one row would hold the function until its time is
over. A choice is *clear* if the next character decides it: what a repeat goes on with and what may
follow it begin with different characters, as do the branches of ``|``, and one of them at most can
be empty. The wrong way then ends at the next character. A pattern all of whose choices are clear is
what is called deterministic (Brüggemann-Klein and Wood, "One-unambiguous regular languages", 1998,
whose first and follow sets these are), and takes a few steps a character however it ends.

A choice that isn't clear multiplies the ways: by the numbers of repeats that are possible, by the
branches, and within a repeat as often as that may repeat. A pattern is linear if a text has at most
``MOST_STEPS`` ways through it. One that does not begin with ``^`` is tried from each character on,
so its ways count as often as it can be long. What looks ahead or behind is tried at each visit.

Which characters an element matches, ``re`` itself says, flags included, for all of Unicode. So this
is for checks, not for the functions: it takes 20 ms a pattern and knows how ``re`` parses.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # in no stub
from typing import Any, NamedTuple

MOST_STEPS = 100  # for each character of a text
# What a sentence shows of several characters.
LEGIBLE = sum(1 << code for code in range(0x21, 0x7F))

Schema = Mapping[str, Any]
Items = Sequence[tuple[Any, Any]]


class _EndlessError(Exception):
    """The pattern is not linear; the message says why."""


class _Part(NamedTuple):
    """A part of a pattern: the characters that it begins with, as bits, and its unclear ways."""

    first: int
    is_empty: bool
    ways: int = 1


def problems(schema: Schema) -> list[str]:
    """Return, for each field of a row's JSON Schema whose pattern is not linear, name and why."""
    found = ((name, pattern, problem(pattern)) for name, pattern in _patterns(schema, schema, ""))
    return [f"{name} has the pattern {pattern!r}, {why}" for name, pattern, why in found if why]


def _patterns(whole: Schema, schema: Schema, name: str) -> Iterator[tuple[str, str]]:
    if "$ref" in schema:
        yield from _patterns(whole, whole["$defs"][schema["$ref"].rpartition("/")[2]], name)
    if "pattern" in schema:
        yield name, schema["pattern"]
    for each in schema.get("anyOf", ()):
        yield from _patterns(whole, each, name)
    if "items" in schema:
        yield from _patterns(whole, schema["items"], f"{name}[]")
    for field, each in schema.get("properties", {}).items():
        yield from _patterns(whole, each, f"{name}.{field}".lstrip("."))


def problem(pattern: str) -> str:
    """Return why a search for ``pattern`` is not linear in the text; empty if it is."""
    parsed = _parser.parse(pattern)
    flags = parsed.state.flags
    try:
        ways = _sequence(parsed, 0, flags).ways
    except _EndlessError as endless:
        return str(endless)
    steps = ways if _begins_a_text(parsed, flags) else ways * parsed.getwidth()[1]
    if steps <= MOST_STEPS:
        return ""
    if steps == ways:
        return f"through which a text may have {ways} ways, and {MOST_STEPS} are the most"
    return "which is tried from each character on, as it does not begin with ^"


def _sequence(items: Items, follow: int, flags: int) -> _Part:
    """Return what elements are together; ``follow`` are the characters that may come after."""
    first, is_empty, ways = 0, True, 1
    for item in reversed(items):
        part = _element(item, first | (follow if is_empty else 0), flags)
        first = part.first | (first if part.is_empty else 0)
        is_empty, ways = is_empty and part.is_empty, ways * part.ways
    return _Part(first, is_empty, ways)


def _element(item: tuple[Any, Any], follow: int, flags: int) -> _Part:
    match item:
        case [_constants.SUBPATTERN | _constants.ATOMIC_GROUP, _]:
            return _group(item, follow, flags)
        case [_constants.ASSERT | _constants.ASSERT_NOT, [_, inner]]:
            return _look(inner, flags)
        case [_constants.BRANCH, [_, branches]]:
            return _branch([_sequence(each, follow, flags) for each in branches], follow)
        case [_constants.MAX_REPEAT | _constants.MIN_REPEAT, repeat]:
            return _repeat(repeat, follow, flags)
        case [_constants.POSSESSIVE_REPEAT, repeat]:  # nothing after it makes it try another way
            return _repeat(repeat, 0, flags)
    return _single(item, flags)


def _group(item: tuple[Any, Any], follow: int, flags: int) -> _Part:
    if item[0] is _constants.ATOMIC_GROUP:  # nothing after it makes it try another way
        return _sequence(item[1], 0, flags)
    _, added, removed, inner = item[1]
    return _sequence(inner, follow, (flags | added) & ~removed)


def _look(inner: Any, flags: int) -> _Part:
    ways = _sequence(inner, 0, flags).ways * inner.getwidth()[1]
    if ways > MOST_STEPS:
        raise _EndlessError("which looks at any number of characters ahead or behind")
    return _Part(0, is_empty=True, ways=ways + 1)


def _branch(branches: Sequence[_Part], follow: int) -> _Part:
    first, begun = 0, 0
    empty = [each for each in branches if each.is_empty]
    is_clear = len(empty) <= 1
    for each in branches:
        begins = each.first | (follow if each.is_empty else 0)
        is_clear = is_clear and not begun & begins
        first, begun = first | each.first, begun | begins
    ways = [each.ways for each in branches]
    return _Part(first, bool(empty), max(ways) if is_clear else sum(ways))


def _repeat(repeat: tuple[int, int, Items], after: int, flags: int) -> _Part:
    least, most, inner = repeat
    first = _sequence(inner, 0, flags).first
    part = _sequence(inner, after | (first if most > 1 else 0), flags)
    both = first & after
    is_clear = least == most or not (both or part.is_empty)
    choices = 1 if is_clear else most - least + 1
    ways = choices * part.ways ** min(most, MOST_STEPS)
    if ways > MOST_STEPS:
        raise _EndlessError(_why(part, both))
    return _Part(first, part.is_empty or least == 0, ways)


def _why(part: _Part, both: int) -> str:
    if part.is_empty:
        return "which repeats what can be empty"
    if both:
        shown = both & LEGIBLE or both
        character = chr((shown & -shown).bit_length() - 1)
        return f"in which {character!r} may belong to a repeat or to what follows it"
    return "which repeats a choice that the next character does not decide"


def _begins_a_text(items: Items, flags: int) -> bool:
    """Return whether a pattern matches at the beginning of a text only."""
    match [*items][:1]:
        case [[_constants.AT, where]]:
            is_line = where is _constants.AT_BEGINNING and flags & re.MULTILINE
            return (
                where in {_constants.AT_BEGINNING, _constants.AT_BEGINNING_STRING} and not is_line
            )
        case [[_constants.SUBPATTERN, [_, added, removed, inner]]]:
            return _begins_a_text(inner, (flags | added) & ~removed)
        case [[_constants.BRANCH, [_, branches]]]:
            return all(_begins_a_text(each, flags) for each in branches)
    return False


def _single(item: tuple[Any, Any], flags: int) -> _Part:
    """Return an element of one character, or a place such as the beginning."""
    if item[0] is _constants.AT:
        return _Part(0, is_empty=True)
    if item[0] in {_constants.GROUPREF, _constants.GROUPREF_EXISTS}:
        raise _EndlessError("which refers to one of its own groups, whose length is not known")
    return _Part(_characters(item, flags), is_empty=False)


@cache
def _every_character() -> str:
    return "".join(map(chr, range(0x110000)))


def _characters(item: tuple[Any, Any], flags: int) -> int:
    """Return the characters that an element of one character matches, as bits."""
    state = _parser.State()
    state.flags = flags
    one = _parser.SubPattern(state, [item])
    run = (_constants.MAX_REPEAT, (1, _constants.MAXREPEAT, one))
    runs = _compiler.compile(_parser.SubPattern(state, [run]), flags)
    found = 0
    for each in runs.finditer(_every_character()):
        found |= ((1 << (each.end() - each.start())) - 1) << each.start()
    return found
