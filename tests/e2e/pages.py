"""The commands that pages tell a reader to run, as they stand there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A reader's way: what there is to do, then page by page, the worst night last.
PAGES = [
    ROOT / "docs" / "operations.md",
    *sorted((ROOT / "docs" / "runbooks").glob("*.md")),
]
_BLOCK = re.compile(r"^```sh\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ANY_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_SPAN = re.compile(r"`(ops [^`]+)`")


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page: in a block of its own, or named in a sentence."""

    page: str
    text: str
    is_in_block: bool

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


def commands(pages: list[Path] = PAGES) -> list[Command]:
    """Return every command of the pages in their order, each once, those in blocks first."""
    found: dict[tuple[str, bool], Command] = {}
    for page in pages:
        for command in _of(page):
            found.setdefault((command.text, command.is_in_block), command)
    in_blocks = {command.text for command in found.values() if command.is_in_block}
    return [each for each in found.values() if each.is_in_block or each.text not in in_blocks]


def _of(page: Path) -> Iterator[Command]:
    text = page.read_text()
    name = page.relative_to(ROOT / "docs").as_posix()
    for block in _BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            if words := re.sub(r"\s+# .*|^#.*", "", line).strip():
                yield Command(name, " ".join(words.split()), is_in_block=True)
    for span in _SPAN.findall(_ANY_BLOCK.sub("", text)):
        yield Command(name, " ".join(span.split()), is_in_block=False)
