"""Truncation of text from a file, which may be as long as a row: 1 MiB."""

MAX_TEXT_BYTES = 1024
SHOWN_CHARACTERS = 40


def truncate(text: str) -> str:
    """Return ``text`` cut to 1,024 bytes of UTF-8: short enough for a log line and for an item.

    Lone surrogates become ``?``.
    """
    return truncate_bytes(text[:MAX_TEXT_BYTES].encode(errors="replace"), MAX_TEXT_BYTES)


def truncate_bytes(raw: bytes, limit_bytes: int) -> str:
    """Return the beginning of ``raw`` as text of at most that many bytes, cut between characters.

    Bytes that are not UTF-8 become U+FFFD.
    """
    longest_character = 4
    text = raw[: limit_bytes + longest_character].decode(errors="replace")
    return text.encode()[:limit_bytes].decode(errors="ignore")


def shown(text: str) -> str:
    """Return ``text`` in quotes, as a message shows it: its first 40 characters, all printable."""
    is_whole = len(text) <= SHOWN_CHARACTERS
    return repr(text if is_whole else text[: SHOWN_CHARACTERS - 1] + "\u2026")
