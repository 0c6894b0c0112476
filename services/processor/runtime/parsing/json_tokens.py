"""The tokens of JSON (RFC 8259) as patterns: each can match a text in one way only, in linear time.

Character sets in the patterns are possessive, groups are not: CPython before 3.11.5 ends a
possessive group too early. Groups that repeat without end in sight are therefore limited, and
matched again and again: what a match may have to go back to takes memory.
"""

import re
from functools import cache

BLANK = rb"[ \t\r\n]*+"
BLANKS = re.compile(BLANK)
WORD = re.compile(rb"[-+.\w]++")
_NUMBER = rb"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?"
_LITERAL = rb"true|false|null"
VALID_WORD = re.compile(_LITERAL + rb"|" + _NUMBER)

STRING_PART = re.compile(rb'(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,1000}')
LONGEST_ESCAPE_BYTES = 6
_STRING = rb'"[^"\\\x00-\x1f]*+(?:\\.[^"\\\x00-\x1f]*+)*"'
_LEVELS_INSIDE = 4


def _nested(levels_inside: int) -> bytes:
    plain = rb'[^"{}\[\]]*+'
    inside = _STRING
    if levels_inside:
        inside += rb"|" + _nested(levels_inside - 1)
    return rb"[{\[]" + plain + rb"(?:(?:" + inside + rb")" + plain + rb")*[}\]]"


_BALANCED = _nested(_LEVELS_INSIDE)
BALANCED = re.compile(_BALANCED)
"""A bracket and its partner, at most four levels in between; what else is inside is not judged."""
_SCALAR = _STRING + rb"|" + WORD.pattern + rb"(?=[ \t\r\n,\]}])"
_NEXT = rb"(?:" + _SCALAR + rb"|" + _BALANCED + rb")" + BLANK

_OBJECT_LINE = re.compile(rb"\n([ \t]*+)\{")


# Most files need few of the long patterns, which take half a millisecond each to compile.
@cache
def pretty() -> re.Pattern[bytes]:
    """Return the pattern of ``BALANCED`` that begins with a bracket at the end of a line."""
    return re.compile(BLANK + rb"((?=.[ \t\r]*+\n)" + _BALANCED + rb")")


@cache
def element() -> re.Pattern[bytes]:
    """Return the pattern of a comma and what ``BALANCED`` matches."""
    return re.compile(BLANK + rb"," + BLANK + rb"(" + _BALANCED + rb")")


@cache
def elements() -> re.Pattern[bytes]:
    """Return the pattern of up to 1,000 elements of a list, each after its comma."""
    return re.compile(rb"(?:," + BLANK + _NEXT + rb"){1,1000}")


@cache
def members() -> re.Pattern[bytes]:
    """Return the pattern of up to 1,000 members of an object, each after its comma."""
    return re.compile(rb"(?:," + BLANK + _STRING + BLANK + rb":" + BLANK + _NEXT + rb"){1,1000}")


def next_object_line(data: bytes, start: int, indentation: bytes) -> int:
    """Return where a line ends after which one begins with ``{``, indented no further; else -1."""
    lines = _OBJECT_LINE.finditer(data, start)
    return next((line.start() for line in lines if indentation.startswith(line[1])), -1)
