"""What pages tell people to do: all words of those that they follow, of others what is run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import dedent

from policies import patterns
from policies.changes.makefile import statements

NAME = "pages"
_SAID = patterns.beside(__file__)
FILES, FOLLOWED, INLINE = (re.compile("|".join(_SAID[e])) for e in ("files", "followed", "inline"))
SHOWN, WORDS = (re.compile("|".join([_SAID["block"], *_SAID[each]])) for each in ("shown", "words"))
# Stars and underscores that are no code.
EMPHASIS = re.compile(r"(`[^`]*`)|\*+|\b_+|_+\b")


def read(paths: Mapping[str, Path]) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Return what is compared of each page among files, each part with its line."""
    by = {
        each: WORDS if FOLLOWED.fullmatch(each) else SHOWN
        for each in filter(FILES.fullmatch, paths)
    }
    return {name: [*said(paths[name].read_text(errors="replace"), by[name])] for name in by}


def said(text: str, pattern: re.Pattern[str] = WORDS) -> Iterator[tuple[int, str]]:
    """Yield the words of each part of a page with its line; those of blocks are set apart.

    A block begins with what it is of, by which readers and tests know what can be run.
    """
    for found in pattern.finditer(text):
        number, kind = text.count("\n", 0, found.start()) + 1, str(found.lastgroup)
        words = _seen(found[kind])
        if kind == "block":
            yield number, f"    ```{found['of'].strip()}"
            # Further in than the block is, a line of a file may mean something else.
            for at, line in statements(dedent(found["block"])):
                if whole := _seen(line.replace("\\\n", " ")):
                    yield number + at, f"    {line[: len(line) - len(line.lstrip())]}{whole}"
        elif kind == "said":
            yield number, EMPHASIS.sub(r"\1", words).strip()
        elif kind in ("raw", "link") or (kind == "span" and INLINE.fullmatch(words)):
            yield number, words


def _seen(text: str) -> str:
    """Return a text with one blank for several, as a shell takes them, and others spelled.

    A shell ends a command after a backslash and a blank, and takes no other kind of blank for one.
    """
    words = re.sub(r"[ \t\n]+", " ", re.sub(r"\\[ \t]+$", r"\\\\x20", text)).strip(" ")
    return "".join(e if e.isprintable() else ascii(e)[1:-1] for e in words)
