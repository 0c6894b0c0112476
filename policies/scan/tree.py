"""What makes a gate lie, wherever it is written: found in the files, also at the first commit.

``tree.toml`` has what to look for, in which files and values. What the other tools say already is
not repeated there.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

from policies import patterns
from policies.changes import texts
from policies.command_line import run
from policies.finding import Finding, rule_id
from policies.register import OURS
from policies.scan import tools
from policies.scan.secrets import files
from policies.templates.template import as_list

# A larger file is known by its name only.
MOST_BYTES = 1_000_000
# Of compiled code (PEP 552): where its flags are, and which says that it names no time.
FLAGS, HASHED = 4, 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is wrong if ``said`` is in a value at ``where``, or in a line, of one of ``files``."""

    name: str
    why: str
    files: str
    said: str = ""
    where: str | None = None


_TABLE = patterns.beside(__file__)
# A word may be written by those before it.
WORDS: dict[str, str] = {}
for _name, _said in _TABLE["words"].items():
    WORDS[_name] = patterns.joined(as_list(_said), WORDS)
LOOKS = tuple(
    Look(**{key: patterns.joined(as_list(value), WORDS) for key, value in row.items()})
    for row in _TABLE["row"]
)
# Files of which each value is looked at; of all others, each line.
READ = re.compile(WORDS["READ"])


def inspect(root: Path) -> Iterator[Finding]:
    """Yield what is wrong in the files below ``root``, each with its line."""
    names = dict.fromkeys(files(root))
    yield from _hiding(names)
    yield from _committed(root)
    yield from _compiled(root, names)
    for name in names:
        path = root / name
        looks = [look for look in LOOKS if re.fullmatch(look.files, name)]
        is_read = looks and path.is_file() and path.stat().st_size <= MOST_BYTES
        # As it is: Python would end a line where make and the shell don't.
        text = path.read_bytes().decode(errors="replace") if is_read else ""
        value, lines = texts.read(name, text) if text and READ.fullmatch(name) else ("", {})
        values = [("(file)", ("(file)",), ""), *texts.values(value, ())]
        for look in looks:
            if look.where is None:
                yield from _of_values(look, name, [("", (), text)], {})
            else:
                found = [each for each in values if re.fullmatch(look.where, each[0])]
                yield from _of_values(look, name, found, lines)


def _hiding(names: Collection[str]) -> Iterator[Finding]:
    """Yield each package beside a module of its name, and what only some machines tell apart."""
    taken: dict[str, str] = {}
    for name in sorted(names, key=str.swapcase):
        parts = [name, *map(str, Path(name).parents)]
        others = [taken.setdefault(normalize("NFKC", part).casefold(), part) for part in parts]
        if hidden := next((other for other in others if other not in parts), ""):
            yield _finding("name-taken", name, 1, hidden)
        folder, _, file = name.rpartition("/")
        if file.startswith("__init__.") and (hidden := f"{folder}.py") in names:
            yield _finding("module-hidden", name, 1, hidden)


def _committed(root: Path) -> Iterator[Finding]:
    """Yield each folder of what tools make that something is committed in; none without git."""
    listed = run(["git", "ls-files", "-z", "--cached", "--ignored", "--exclude-standard"], root)
    for folder in sorted({str(Path(name).parent) for name in listed.stdout.split("\0") if name}):
        yield _finding("product-committed", folder, 0, folder)


def _compiled(root: Path, names: Collection[str]) -> Iterator[Finding]:
    """Yield compiled code that Python runs whatever its source says by now.

    What Python compiles by itself names the time of its source, and is made anew with that. What
    pytest compiles for itself has a hash instead, and only pytest reads it.
    """
    for folder in dict.fromkeys(Path(name).parent for name in names):
        for file in sorted((root / folder / "__pycache__").glob("*.pyc")):
            if "-pytest-" not in file.name and file.read_bytes()[FLAGS] & HASHED:
                name = str(file.relative_to(root))
                yield _finding("code-compiled", name, 1, f"{folder}/{file.stem}")


def _of_values(
    look: Look, name: str, values: list[tuple[str, tuple[str, ...], str]], lines: texts.Lines
) -> Iterator[Finding]:
    for place, where, said in values:
        known = (where[:length] for length in range(len(where), -1, -1))
        begins = next((lines[each] for each in known if each in lines), 1)
        if not said and re.search(look.said, said):
            yield _finding(look.name, name, begins, place, look.why)
        for number, line in enumerate(said.split("\n")):
            if found := re.search(look.said, line):
                what = found.groupdict().get("what") or found[0] or line
                yield _finding(look.name, name, begins + number, f"{place} {what}", look.why)


def _finding(kind: str, file: str, line: int, said: str, why: str = "") -> Finding:
    exact = " ".join(said.split())
    message = ": ".join(filter(None, (why or _TABLE["why"][kind], exact)))
    rule = rule_id(kind, exact)
    return tools.finding(tool=OURS, rule=rule, file=file, line=line, message=message)
