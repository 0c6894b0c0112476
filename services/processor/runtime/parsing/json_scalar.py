"""Where a text, number or literal leaves no doubt that it ended.

In a list, a comma or the list's end follows. A scalar in a stream is followed by a blank and then
another value or the end of the line, by a container, or, after a text, by another text. A number or
literal next to a quote is rather the tail of something that was cut: ``7","level":"info"}``.
"""

import re

from services.processor.runtime.parsing.json_fault import Expected, Fault, fault_at
from services.processor.runtime.parsing.json_scanner import ValueScanner
from services.processor.runtime.parsing.json_tokens import BLANK
from services.processor.runtime.parsing.json_window import AHEAD_BYTES, Window

_LINE_END = rb"[ \t\r]*+(?:\n|\Z)"
_NEXT_VALUE = rb'[ \t\r]++[-{\["0-9tfn]'
_AFTER_WORD = re.compile(rb"[{\[]|" + _LINE_END + rb"|" + _NEXT_VALUE)
_AFTER_STRING = re.compile(rb'[{\["]|' + _LINE_END + rb"|" + _NEXT_VALUE)
_AFTER_ELEMENT = re.compile(BLANK + rb"(?:[,\]]|\Z)")
_OPENING = b"{["
_QUOTE = ord('"')


def fault_of_scalar(
    scanner: ValueScanner, window: Window, first: int, *, is_apart: bool
) -> Fault | None:
    """Return what leaves in doubt where a scalar ended that was read; ``first`` is its first byte.

    More blanks behind it than are looked at count as the end of its line.
    """
    if first in _OPENING:
        return None
    window.look_ahead(scanner.at)
    here = scanner.at - window.offset
    apart = _AFTER_STRING if first == _QUOTE else _AFTER_WORD
    pattern = apart if is_apart else _AFTER_ELEMENT
    follows = pattern.match(window.data, here, here + AHEAD_BYTES)
    if scanner.mistake and (is_apart or not follows):
        return scanner.mistake
    return fault_at(window, scanner.at, Expected.OBJECT) if is_apart and not follows else None
