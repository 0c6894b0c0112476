"""What a contract's module says of values: limits, texts, comparisons, methods, in any order.

Rows show what they reach. A limit beyond all of them shows here; other words for the same don't.
The same holds for what it imports of ours, which several contracts share.
"""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

# What a contract says to people, and the version that is compared by itself.
WORDS = ("description", "examples", "title", "version")


class SharedChange(NamedTuple):
    """A module that contracts of ``datasets`` use, and what it says otherwise than before."""

    module: str
    says: tuple[str, ...]
    datasets: tuple[str, ...]
    line: int = 0


def changed(before: Path, after: Path, module: str) -> tuple[str, ...]:
    """Return each constant and way of comparing that a module has more often on one side."""
    old, new = (Counter(said for said, _ in _said(side, module)) for side in (before, after))
    return tuple(sorted({*(old - new), *(new - old)}))


def line(before: Path, after: Path, module: str) -> int:
    """Return the line of what a module says more often now, of the rarest; 0 if it says less."""
    old, new = (Counter(said for said, _ in _said(side, module)) for side in (before, after))
    rarest = min(new - old, key=lambda said: new[said], default=None)
    return next((number for said, number in _said(after, module) if said == rarest), 0)


def shared(before: Path, after: Path, contracts: Mapping[str, str]) -> Iterator[SharedChange]:
    """Yield what has changed of the modules that ``contracts`` import, also through others."""
    uses = {
        name: _reached(before, module) | _reached(after, module)
        for name, module in contracts.items()
    }
    for module in sorted(set().union(*uses.values())):
        if says := changed(before, after, module):
            datasets = tuple(name for name, used in uses.items() if module in used)
            yield SharedChange(module, says, datasets, line(before, after, module))


def text(side: Path, module: str) -> str:
    """Return the text of a module; of one that isn't there, an empty one."""
    return (side / module).read_text() if (side / module).is_file() else ""


def _reached(side: Path, module: str) -> set[str]:
    found: set[str] = set()
    waiting = [module]
    while waiting:
        new = {*_imported(side, waiting.pop())} - found
        found |= new
        waiting += new
    return found - {module}


@cache
def _imported(side: Path, module: str) -> Sequence[str]:
    return [*_files(side, ast.parse(text(side, module)))]


def _files(side: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            whole = str(node.module).replace(".", "/")
            for name in (whole, *(f"{whole}/{each.name}" for each in node.names)):
                files = (f"{name}.py", f"{name}/__init__.py")
                yield from (file for file in files if (side / file).is_file())


def _said(side: Path, module: str) -> Iterator[tuple[str, int]]:
    """Yield each constant, method and way of comparing of a module, with its line."""
    yield from _said_in(ast.parse(text(side, module)), 0)


def _said_in(node: ast.AST, line: int) -> Iterator[tuple[str, int]]:
    line = getattr(node, "lineno", line)
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.keyword(arg=str(name)) if name in WORDS:
            return
        case ast.Constant(value=value):
            yield repr(value), line
        case ast.Call(func=ast.Attribute(attr=name)):
            yield f".{name}()", line
        case ast.cmpop():
            yield ast.unparse(ast.Compare(ast.Name("a"), [node], [ast.Name("b")])), line
    for each in ast.iter_child_nodes(node):
        yield from _said_in(each, line)
