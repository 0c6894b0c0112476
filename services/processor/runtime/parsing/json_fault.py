"""What is wrong with a JSON text, and where, in sentences for its producer."""

import re
from enum import StrEnum
from typing import NamedTuple

from services.processor.runtime.parsing.json_window import Window

_A_VALUE = "a value"
_A_NAME = "a field name in double quotes"


class Expected(StrEnum):
    """What may come next, in the words of a message."""

    VALUE = _A_VALUE
    FIRST_ELEMENT = f"{_A_VALUE} or `]`"
    IN_ARRAY = "`,` or `]`"
    NAME = _A_NAME
    FIRST_NAME = f"{_A_NAME} or `}}`"
    COLON = "`:` after the field name"
    IN_OBJECT = "`,` or `}`"
    IN_NAME = "a double quote that closes the field name"
    IN_STRING = "a double quote that closes the text"
    ESCAPE = "an escape such as `\\n`, or `\\\\` for a backslash,"
    NO_CONTROL = "an escape such as `\\t` for the control character"
    OBJECT = "`{`, which begins an object,"
    END = "the end of the file"


_NO_COMMA = "leave out the comma before it"
# By what is expected and the word or character found instead; the first that fits counts.
_ADVICE = (
    (Expected.VALUE, re.compile(r"[-+]?(NaN|Infinity|None|nan|inf|undefined)\b"), "write `null`"),
    (Expected.VALUE, re.compile(r"(True|TRUE)\b"), "write `true`"),
    (Expected.VALUE, re.compile(r"(False|FALSE)\b"), "write `false`"),
    (Expected.VALUE, re.compile(r"[-+]?[\d.]"), "write a number such as `7`, `-0.5` or `1e9`"),
    (Expected.VALUE, re.compile(r"\w"), 'write texts in double quotes, `"so"`'),
    (Expected.VALUE, re.compile(r"\]"), _NO_COMMA),
    ("", re.compile(r"'"), 'write double quotes, `"`'),
    (Expected.NAME, re.compile(r"\w"), 'write field names in double quotes, `"so"`'),
    (Expected.NAME, re.compile(r"\}"), _NO_COMMA),
    (Expected.OBJECT, re.compile(r","), "leave out the comma between objects, or write an array"),
    (Expected.IN_ARRAY, re.compile(r"[\w{\[\"]"), "write a comma between the values of an array"),
)


class Fault(NamedTuple):
    """Something other than what was expected, and where."""

    line: int
    column: int
    found: str
    expected: Expected

    @property
    def is_end_of_file(self) -> bool:
        """Return whether the text ends there, so that the rest may be missing."""
        return not self.found

    def __str__(self) -> str:
        """Return it as a sentence."""
        found = {"": "the file ends", "\n": "the line ends"}.get(self.found)
        found = found or f"found `{_printable(self.found)}`"
        place = f"line {self.line}, column {self.column}"
        return f"{place}: {found} where {self.expected} is expected{self._advice()}"

    def _advice(self) -> str:
        for expected, found, advice in _ADVICE:
            if self.expected.startswith(expected) and found.match(self.found):
                return f"; {advice}"
        return ""


def fault_at(window: Window, at: int, expected: Expected) -> Fault:
    """Return the fault that something else than ``expected`` is at an offset."""
    found = window.excerpt(at)
    return Fault(window.line(at), window.column(at), found, expected)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
