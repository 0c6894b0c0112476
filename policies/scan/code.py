"""What code may do: only what a list of ``policies/declared`` allows at its place.

The functions have a list, and so has the app, which makes the templates. A list says what is
allowed, never what is forbidden: nobody can think of everything that is bad.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, KeysView, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from policies.command_line import Undetermined
from policies.finding import Finding, rule_id
from policies.scan import tools
from policies.scan.imports import IMPORT
from policies.scan.uses import BUILTINS, LOG, Module

LISTS = Path(__file__).parents[1] / "declared"
# Each list by its scan, which is also how its findings begin.
FUNCTIONS, APP = "code", "app"
FILES = {FUNCTIONS: "function_code.toml", APP: "app_code.toml"}
EVERYWHERE = (["services/*"], ["*"])


class _Row(NamedTuple):
    places: Sequence[str]
    names: KeysView[str]
    patterns: Sequence[str]
    once: bool

    def is_about(self, file: str) -> bool:
        return any(fnmatchcase(file, each) for each in self.places)

    def allows(self, name: str) -> bool:
        if name.startswith(IMPORT):
            name = name.removeprefix(IMPORT)
            if any(each.startswith(f"{name}.") for each in self.names):
                return True
        if "*" not in name and name in self.names:
            return True
        return any(fnmatchcase(name, each) and not _leads_on(name, each) for each in self.patterns)


class _List(NamedTuple):
    """What a file says of code: where it is, what its own modules are, and what it may do."""

    tool: str
    sources: Sequence[str]
    without: str
    own: str
    acting: Sequence[str]
    attributes: Sequence[str]
    has_texts: bool
    remedy: str
    kinds: Sequence[Mapping[str, str]]
    rows: Sequence[_Row]

    def files(self, root: Path) -> Sequence[str]:
        found = (str(each.relative_to(root)) for of in self.sources for each in root.glob(of))
        return sorted(each for each in found if not re.match(self.without, each))

    def is_own(self, name: str, file: str) -> bool:
        """Return whether a name is of a module of the same room, which does not act for others."""
        name = name.removeprefix(IMPORT)
        acts = name.endswith("*") or any(fnmatchcase(name, each) for each in self.acting)
        return not acts and bool(re.fullmatch(self.own, f"{file.replace('/', '.')} {name}"))


def find(root: Path, whole: Path | None = None, tool: str = FUNCTIONS) -> Iterator[Finding]:
    """Yield what the code does at ``root`` and may not, and what may be done and is not.

    If only a part of the sources is there, ``whole`` has them all, and nothing is called unused.

    Raises ``Undetermined`` if there is no code, it can't be read, or the list is malformed.
    """
    try:
        listed = _listed(tool, (LISTS / FILES[tool]).read_text())
        leading = re.compile("|".join(listed.attributes))
        modules = {each: Module(root / each, whole or root, leading) for each in listed.files(root)}
        used = {of: [*each.uses(with_texts=listed.has_texts)] for of, each in modules.items()}
    except (OSError, SyntaxError, KeyError, TypeError, ValueError) as error:
        raise Undetermined(f"the code was not read: {error}") from error
    if not used:
        raise Undetermined(f"no code for the scan {tool} in {root}")
    for file, names in used.items():
        here = [row for row in listed.rows if row.is_about(file)]
        seen: set[str] = set()
        for name, line in names:
            allowing = [row for row in here if row.allows(name)]
            again = name in seen and all(row.once for row in allowing)
            seen |= set() if name.startswith(IMPORT) else {name}
            if not listed.is_own(name, file) and (not allowing or again):
                yield _finding(listed, name, file, line, "here once more" if again else "here")
    yield from () if whole else _unused(listed, used)


@cache
def _listed(tool: str, text: str) -> _List:
    said: dict[str, Any] = tomllib.loads(text)
    rows = [_row(row) for row in said.pop("allowed") if row["why"]]
    return _List(tool=tool, kinds=said.pop("kind"), rows=rows, **said)


def _row(row: Mapping[str, Any]) -> _Row:
    words = (f"{LOG}{word}" for word in row.get("words", "").split())
    names = dict.fromkeys([*row["names"], *words]).keys()
    patterns = [each for each in names if "*" in each]
    return _Row(row["places"], names, patterns, row.get("once", False))


def _leads_on(name: str, allowed: str) -> bool:
    """Return whether a name that a ``*`` covers goes on to another module, or is hidden."""
    known = allowed.partition("*")[0].split(".")
    further = name.split(".")[len(known) - 1 :]
    modules = sys.stdlib_module_names - {*known}
    return any(part in modules or part[:1] in {"_", "*"} for part in further)


def _finding(listed: _List, name: str, file: str, line: int, where: str) -> Finding:
    bare = name.removeprefix(IMPORT)
    kind = next(each for each in listed.kinds if re.match(each["begins"], bare))
    said = bare.removeprefix(f"{BUILTINS}.")
    if name.startswith(LOG):
        said = f"{name.removeprefix(LOG)!r} in what is logged"
    return tools.finding(
        tool=listed.tool,
        rule=rule_id(kind["name"], name),
        file=file,
        line=line,
        message=f"{said} is not allowed {where}: {kind['why']}",
        remedy=listed.remedy,
    )


def _unused(listed: _List, used: Mapping[str, Sequence[tuple[str, int]]]) -> Iterator[Finding]:
    """Yield what is listed by its exact name for places that do not use it."""
    for row in listed.rows:
        files = [file for file in used if row.is_about(file)]
        here = {name for file in files for name, _ in used[file]}
        for each in row.names if files and row.places not in EVERYWHERE else ():
            if "*" not in each and each not in here:
                yield tools.finding(
                    tool=listed.tool,
                    rule=rule_id("unused", each),
                    file=f"policies/declared/{FILES[listed.tool]}",
                    message=f"{each} is allowed in {', '.join(row.places)}, where nothing uses it",
                    remedy="take it off the list; whoever needs it says why",
                )
