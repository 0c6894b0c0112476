"""Beginnings of what others wrote: a file's own text may be as large as a row."""

from typing import Final

MAX_TEXT_BYTES: Final = 1024


def bounded(text: str) -> str:
    """The beginning of ``text``: short enough for a log line, and beside others in an item."""
    return beginning(text[:MAX_TEXT_BYTES].encode(errors="replace"), MAX_TEXT_BYTES)


def beginning(raw: bytes, limit_bytes: int) -> str:
    """Give the beginning of ``raw`` as text of at most that many bytes, cut between characters."""
    longest_character = 4
    text = raw[: limit_bytes + longest_character].decode(errors="replace")
    return text.encode()[:limit_bytes].decode(errors="ignore")
