"""What a contract's module says of values: limits, texts, operators, methods, in any order.

Rows show what they reach. A limit beyond all of them shows here; other words for the same don't.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

# What a contract says to people, and the version that is compared by itself.
WORDS = ("description", "examples", "title", "version")


def changed(before: Path, after: Path, module: str) -> tuple[str, ...]:
    """Return each constant, method and operator that a module has more often on one side."""
    old, new = (Counter(said for said, _ in _said(side, module)) for side in (before, after))
    return tuple(sorted({*(old - new), *(new - old)}))


def line(before: Path, after: Path, module: str) -> int:
    """Return the line of what a module says more often now, of the rarest; 0 if it says less."""
    old, new = (Counter(said for said, _ in _said(side, module)) for side in (before, after))
    rarest = min(new - old, key=lambda said: new[said], default=None)
    return next((number for said, number in _said(after, module) if said == rarest), 0)


def text(side: Path, module: str) -> str:
    """Return the text of a module; of one that isn't there, an empty one."""
    return (side / module).read_text() if (side / module).is_file() else ""


def _said(side: Path, module: str) -> Iterator[tuple[str, int]]:
    """Yield each constant, method and operator of a module, with its line."""
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
        case ast.operator():
            yield ast.unparse(ast.BinOp(ast.Name("a"), node, ast.Name("b"))), line
        case ast.unaryop() | ast.boolop():
            yield type(node).__name__.lower(), line
    for each in ast.iter_child_nodes(node):
        yield from _said_in(each, line)
