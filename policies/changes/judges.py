"""The code that acts, decides or proves: each file by what it does.

A Python source counts without comments and promises, any other file as it is.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies import patterns
from policies.changes import imported, suites
from policies.changes.sources import content, digest, parsed, parts, source
from policies.scan.secrets import files

FILES, MAKING_STACKS, SHOWN, LOOKING = (
    re.compile("|".join(patterns.beside(__file__)[of]))
    for of in ("files", "constructs", "shown", "looking")
)
ACTING = {*patterns.beside(__file__)["acting"]}
FAMILIES = "attacks/families/*.py"
ROWS = "ATTACKS"
# Each of these is compared whole, so rows may be made with any of their names.
MAKING = tuple(f"attacks.{name}" for name in ("attack", "runtimes", "variants", "workflow"))
LOADED = (".pyc", ".pyd", ".so")


@dataclass(frozen=True, slots=True)
class Code:
    """A file: what it does, what of it acts on others, and where its parts begin.

    That is what runs when it is only imported and, of the gates, what changes what it is given.
    ``lines`` has the line of each part that ``sources.parts`` yields of what it does.
    """

    path: Path
    does: str
    at_import: str
    lines: Sequence[int] = ()


def read(root: Path, aside: frozenset[str]) -> Mapping[str, Code]:
    """Return each file by its name; those of a name in ``aside`` are left out.

    A package has the name that a module in its place would have: it is imported instead.
    """
    names = (name for name in files(root) if FILES.fullmatch(name) and (root / name).is_file())
    of = {re.sub(r"/__init__\.py$", ".py", name): name for name in sorted(names)}
    return {name: _code(root, each) for name, each in of.items() if Path(each).name not in aside}


def attacks(family: Path) -> Iterator[str]:
    """Yield what tells each row of a family of attacks from all others."""
    if not (rows := _rows(ast.parse(source(family)))):
        return
    value = rows.value
    members = value.args if isinstance(value, ast.Call) else getattr(value, "elts", [value])
    for member in members:
        texts = (part.value for part in ast.walk(member) if isinstance(part, ast.Constant))
        says = next((text for text in texts if isinstance(text, str)), "a row")
        yield f"{family.stem}: {says} {digest(ast.unparse(member).encode())}"


def _code(root: Path, name: str) -> Code:
    """Return what a file does: the same for other comments, promises or lines."""
    path = root / name
    if path.suffix != ".py":
        loaded = "machine code, or bytes without a source" if path.suffix in LOADED else ""
        return Code(path, content(path), loaded)
    tree = parsed(source(path), promises=bool(SHOWN.fullmatch(name)))
    # What a construct does is told by app-acts, and by what it makes.
    acts = [] if MAKING_STACKS.fullmatch(name) else [*imported.effects(tree)]
    if LOOKING.fullmatch(name):
        does = (each for each in tree.body if suites.names(each) & ACTING)
        those = (each for each in tree.body if suites.reaches(each, suites.names(each)))
        acts += map(ast.unparse, (*those, *does))
    if path.match(FAMILIES):
        rows = _rows(tree)
        tree.body = [each for each in tree.body if each is not rows and not _makes_rows(each)]
        acts = [ast.unparse(e) for e in tree.body if imported.changes(e) or suites.reaches(e)]
    lines = [getattr(each, "lineno", 0) for each in parts(tree)]
    return Code(path, ast.unparse(tree), "\n".join(dict.fromkeys(acts)), lines)


def _rows(tree: ast.Module) -> ast.Assign | None:
    """Return the statement that gives a family its rows; what follows may only change them."""
    named = (node for node in tree.body if isinstance(node, ast.Assign))
    return next((node for node in named if ast.unparse(node.targets[0]) == ROWS), None)


def _makes_rows(node: ast.stmt) -> bool:
    """Return whether a statement of a family imports what rows are made with."""
    if not isinstance(node, ast.ImportFrom):
        return False
    return node.module in MAKING and not any(each.asname for each in node.names)
