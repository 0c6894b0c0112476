"""What pages tell people to do: all words of those that they follow, of others what is run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from policies import patterns

NAME = "pages"
_SAID = patterns.beside(__file__)
FILES, FOLLOWED, INLINE = (re.compile("|".join(_SAID[e])) for e in ("files", "followed", "inline"))
DRAWN = frozenset(_SAID["drawn"])
# A block between fences; and a line of code or HTML without them, code in a sentence, and a link.
BLOCK = r"^[ >]*(?P<f>`{3,}|~{3,})(?P<of>[^`\n]*)\n(?P<block>.*?)(?:^[ >]*(?P=f)[`~]*\s*?$|\Z)"
RUN = (
    r"^(?P<raw>(?: {4}|\t| {0,3}<[!/a-z])[^\n]*)|`(?P<span>(?:[^`\n]|\n(?!\s*\n))+)`"
    r"|(?P<link>https?://[^\s)>\]\"'`]+)"
)
# Or a sentence, or an item, a row or a heading in its place.
SENTENCE = r"(?P<said>\S.*?(?=\n[ >]*(?:$|```|~~~|[-+*|#]|\d+\.)|(?<=[.:;!?])\s|\Z))"
SHOWN, WORDS = (
    re.compile(f"{BLOCK}|{each}", re.DOTALL | re.IGNORECASE | re.MULTILINE)
    for each in (RUN, SENTENCE)
)
# Stars and underscores that are no code.
EMPHASIS = re.compile(r"(`[^`]*`)|\*+|\b_+|_+\b")


def read(paths: Mapping[str, Path]) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Return what is compared of each page among files, each part with its line."""
    pages = (name for name in paths if FILES.fullmatch(name))
    patterns = {name: WORDS if FOLLOWED.fullmatch(name) else SHOWN for name in pages}
    return {
        name: [*said(paths[name].read_text(errors="replace"), patterns[name])] for name in patterns
    }


def said(text: str, pattern: re.Pattern[str] = WORDS) -> Iterator[tuple[int, str]]:
    """Yield the words of each part of a page with its line; those of blocks are set apart."""
    for found in pattern.finditer(text):
        number, kind = text.count("\n", 0, found.start()) + 1, str(found.lastgroup)
        words = " ".join(found[kind].split())
        if kind == "block" and found["of"].strip() not in DRAWN:
            lines = enumerate(found["block"].splitlines(), number + 1)
            yield from ((at, f"    {' '.join(line.split())}") for at, line in lines if line.strip())
        elif kind == "said":
            yield number, EMPHASIS.sub(r"\1", words).strip()
        elif kind in ("raw", "link") or (kind == "span" and INLINE.fullmatch(words)):
            yield number, words
