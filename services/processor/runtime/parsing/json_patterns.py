"""Pieces of patterns over JSON bytes; possessive, so that nothing is ever looked at again."""

from typing import Final

STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


def nested(depth: int) -> bytes:
    """Match a bracket and its partner with at most ``depth`` levels of brackets in between."""
    plain = rb'[^"{}\[\]]*+'
    inside = STRING if depth == 0 else STRING + rb"|" + nested(depth - 1)
    return rb"[{\[]" + plain + rb"(?:(?:" + inside + rb")" + plain + rb")*+[}\]]"
