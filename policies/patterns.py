"""Patterns as the tables of changes and looks write them: alternatives, and words for parts."""

import re
from collections.abc import Iterable, Mapping

WORD = re.compile(r"\{([A-Z_]+)\}")


def joined(alternatives: Iterable[str], words: Mapping[str, str]) -> str:
    """Return one pattern for all of them, with each ``{WORD}`` replaced by what it stands for."""
    return WORD.sub(lambda found: words[found[1]], "|".join(alternatives))
