"""What pages show to be run or pasted, which is compared; their prose is not."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from policies import patterns

NAME = "pages"
Places: TypeAlias = dict[tuple[str, ...], str]
_SAID = patterns.beside(__file__)
FILES, INLINE = (re.compile("|".join(_SAID[of])) for of in ("files", "inline"))
DRAWN = frozenset(_SAID["drawn"])
# A block between fences, a line of code or HTML without them, code inside a sentence, and a link to
# a console or with a question, which may fill in what people then confirm.
SHOWN = re.compile(
    r"^[ >]*(?P<fence>`{3,}|~{3,})(?P<of>[^`\n]*)\n(?P<block>.*?)(?:^[ >]*(?P=fence)[`~]*\s*?$|\Z)"
    r"|^(?P<raw>(?: {4}|\t| {0,3}<[!/a-z])[^\n]*)|`(?P<span>(?:[^`\n]|\n(?!\s*\n))+)`"
    r"|\]\((?P<link>https?://[^)\s]*(?:console\.|\?)[^)\s]*)\)",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)


def read(paths: Mapping[str, Path]) -> tuple[Mapping[str, str], Places]:
    """Return what each page among files shows, and where each line of that stands."""
    pages = {name: path for name, path in paths.items() if FILES.fullmatch(name)}
    lines = {name: shown(path.read_text(errors="replace")) for name, path in pages.items()}
    places: Places = {
        (NAME, name, str(place)): f"{name}:{number}"
        for name, numbers in lines.items()
        for place, number in enumerate(numbers)
    }
    return {name: "\n".join(each.values()) for name, each in lines.items()}, places


def shown(text: str) -> dict[int, str]:
    """Return what people may run or paste of a page, by the lines that it stands in."""
    lines: dict[int, str] = {}
    for found in SHOWN.finditer(text):
        number = text.count("\n", 0, found.start()) + 1
        if found["fence"] and found["of"].strip() not in DRAWN:
            lines |= dict(enumerate(found["block"].splitlines(), number + 1))
        elif found["raw"] or found["link"] or INLINE.fullmatch(found["span"] or ""):
            said = found["raw"] or found["link"] or found["span"]
            lines[number] = f"{lines[number]}; {said}" if number in lines else said
    words = {number: " ".join(line.split()) for number, line in lines.items()}
    return {number: line for number, line in words.items() if line}
