"""What the functions' code may do: only what ``declared/function_code.toml`` lists for its place.

The list says what is allowed, never what is forbidden: nobody can think of everything that is bad.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, KeysView, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from policies.finding import Finding
from policies.scan.imports import IMPORT, OURS
from policies.scan.tools import ToolError
from policies.scan.uses import BUILTINS, LOG, Module

TOOL = "code"
LISTS = Path(__file__).parents[1] / "declared"
LIST = "function_code.toml"
DECLARED = f"policies/declared/{LIST}"
# As ``services.bundling`` takes them: a runtime, what all of them share, and the folders above.
SOURCES = (
    *("services/__init__.py", "services/*/__init__.py"),
    *("services/aws_client/**/*.py", "services/*/runtime/**/*.py"),
)
EVERYWHERE = ["services/*"]
REMEDY = f"do without it, or let {DECLARED} allow it at this place and say why"
# By how a name begins: what such a finding is called, and why it matters.
KINDS = (
    (
        "logs",
        r"log |aws_lambda|logging|warnings|builtins\.print|sys\.(std|__std)",
        "logs are kept for a year, and read by more people than records are",
    ),
    (
        "connection",
        (
            r"(socket|ssl|select|http|urllib|async|ftp|smtp|xmlrpc|boto|services\.aws"
            r"|'[a-z0-9]*://|'arn:|'\d{12}'|'\d+\.\d|'\.?[\w.-]+\.[a-z]+')"
        ),
        "records could be sent to a stranger; only storing and publishing speak to AWS",
    ),
    (
        "process",
        r"subprocess|multiproc|concurrent|_?thread|pty|ctypes|os\.(_?exec|fork|spawn|system|p)",
        "what is started does what no gate has read",
    ),
    (
        "file",
        r"pathlib|tempfile|shutil|_?io\b|mmap|sqlite3|glob|builtins\.open|'/|os\.(open|write)",
        "a file outlives the invocation, and others than the bundle's hold credentials",
    ),
    (
        "environment",
        r"os\.(environ|getenv)|'_?(AWS|LAMBDA)_",
        "the environment holds credentials; a function reads what its construct gives it",
    ),
    (
        "hidden-code",
        (
            r"builtins\.(exec|eval|compile|.etattr|vars|globals|locals|__)|importlib|\.|'"
            r"|(inspect|gc|sys|types|pickle|marshal|runpy|code|copyreg|string|operator|functools)\b"
            r"|typing\.|msgspec\.defstruct|dataclasses\.make|collections\.named"
        ),
        "it runs or reaches what this scan can't read",
    ),
    ("undeclared", "", "what a function's code can do has been decided name by name"),
)


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


def find(root: Path, whole: Path | None = None) -> Iterator[Finding]:
    """Yield what the code does at ``root`` and may not, and what may be done and is not.

    If only a part of the sources is there, ``whole`` has them all, and nothing is called unused.

    Raises ``ToolError`` if there is no code, it can't be read, or the list is malformed.
    """
    try:
        rows = _rows((LISTS / LIST).read_text())
        files = [str(f.relative_to(root)) for each in SOURCES for f in root.glob(each)]
        used = {each: [*Module(root / each, whole or root).uses()] for each in sorted(files)}
    except (OSError, SyntaxError, KeyError, TypeError, ValueError) as error:
        raise ToolError(f"the functions' code was not read: {error}") from error
    if not used:
        raise ToolError(f"no code of functions in {root}")
    for file, names in used.items():
        here = [row for row in rows if row.is_about(file)]
        seen: set[str] = set()
        for name, line in names:
            allowing = [row for row in here if row.allows(name)]
            again = name in seen and all(row.once for row in allowing)
            seen |= set() if name.startswith(IMPORT) else {name}
            if not _is_own(name, file) and (not allowing or again):
                yield _finding(name, file, line, "here once more" if again else "here")
    yield from () if whole else _unused(rows, used)


@cache
def _rows(text: str) -> Sequence[_Row]:
    return [_row(row) for row in tomllib.loads(text)["allowed"] if row["why"]]


def _row(row: Mapping[str, Any]) -> _Row:
    words = (f"{LOG}{word}" for word in row.get("words", "").split())
    names = dict.fromkeys([*row["names"], *words]).keys()
    patterns = [each for each in names if "*" in each]
    return _Row(row["places"], names, patterns, row.get("once", False))


def _is_own(name: str, file: str) -> bool:
    """Return whether a name is of the same service, or of the same room."""
    name = name.removeprefix(IMPORT)
    own = Path(file).parts[:3] if "runtime" in Path(file).parts else Path(file).parts[:2]
    return name.startswith(f"{'.'.join(own)}.") and own[0] == OURS


def _leads_on(name: str, allowed: str) -> bool:
    """Return whether a name that a ``*`` covers goes on to another module, or is hidden."""
    known = allowed.partition("*")[0].split(".")
    further = name.split(".")[len(known) - 1 :]
    modules = sys.stdlib_module_names - {*known}
    return any(part in modules or part[:1] in {"_", "*"} for part in further)


def _finding(name: str, file: str, line: int, where: str) -> Finding:
    bare = name.removeprefix(IMPORT)
    kind, why = next((kind, why) for kind, start, why in KINDS if re.match(start, bare))
    said = bare.removeprefix(f"{BUILTINS}.")
    if name.startswith(LOG):
        said = f"{name.removeprefix(LOG)!r} in what is logged"
    return Finding(
        gate=TOOL,
        rule=f"{TOOL}-{kind}[{name}]",
        region="",
        path=file,
        message=f"{said} is not allowed {where}: {why}",
        remedy=REMEDY,
        source=f"{file}:{line}",
    )


def _unused(
    rows: Sequence[_Row], used: Mapping[str, Sequence[tuple[str, int]]]
) -> Iterator[Finding]:
    """Yield what is listed by its exact name for places that do not use it."""
    for row in rows:
        files = [file for file in used if row.is_about(file)]
        here = {name for file in files for name, _ in used[file]}
        for each in row.names if files and row.places != EVERYWHERE else ():
            if "*" not in each and each not in here:
                yield Finding(
                    gate=TOOL,
                    rule=f"{TOOL}-unused[{each}]",
                    region="",
                    path=DECLARED,
                    message=f"{each} is allowed in {', '.join(row.places)}, where nothing uses it",
                    remedy="take it off the list; whoever needs it says why",
                )
