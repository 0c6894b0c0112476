"""Pieces of patterns over JSON bytes, in which nothing can be matched in a second way.

Character sets are possessive, groups are not: CPython before 3.11.5 ends a possessive group too
soon.
"""

from typing import Final

STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*"'


def nested(depth: int) -> bytes:
    """Match a bracket and its partner with at most ``depth`` levels of brackets in between."""
    plain = rb'[^"{}\[\]]*+'
    inside = STRING if depth == 0 else STRING + rb"|" + nested(depth - 1)
    return rb"[{\[]" + plain + rb"(?:(?:" + inside + rb")" + plain + rb")*[}\]]"
