"""Rows that are nested too deeply to be parsed by every Python.

How deep a parser gets depends on Python's version and on the size of its stack: 3.11 gives up near
1,000 levels, 3.14 after tens of thousands. A row gets the same reason wherever it is read, so one
that is deeper than any of them can be sure to parse gets the reason that it has where it can't be.
"""

import re

from services.processor.runtime.errors import RejectedRowError

PARSED_EVERYWHERE = 500
# A bracket, or a string, whose brackets mean nothing.
_TOKEN = re.compile(rb'[\[{\]}]|"(?:[^"\\]+|\\.)*"?', re.DOTALL)
_STEPS = {ord(bracket): 1 for bracket in "[{"} | {ord(bracket): -1 for bracket in "]}"}


def unparsed() -> RejectedRowError:
    """Return the rejection of a row whose nesting is the end of a parser."""
    return RejectedRowError("NESTED_TOO_DEEP", "is nested too deeply to be parsed")


def too_deep(raw: bytes) -> RejectedRowError | None:
    """Return the rejection of a JSON text with more levels than are parsed everywhere, if it is."""
    if raw.count(b"[") + raw.count(b"{") <= PARSED_EVERYWHERE:
        return None
    levels = 0
    for token in _TOKEN.finditer(raw):
        levels += _STEPS.get(raw[token.start()], 0)
        if levels > PARSED_EVERYWHERE:
            return unparsed()
    return None
