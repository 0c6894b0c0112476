"""What a contract's module says of values: its limits, texts and comparisons, in any order.

Rows show what they reach. A limit beyond all of them shows here; other words for the same don't.
"""

import ast
from collections import Counter
from collections.abc import Iterator

# What a contract says to people, and the version that is compared by itself.
WORDS = ("description", "examples", "title", "version")


def changed(before: str, after: str) -> tuple[str, ...]:
    """Return each constant and way of comparing that one text of a module has more often."""
    old, new = (Counter(_said(ast.parse(text))) for text in (before, after))
    return tuple(sorted({*(old - new), *(new - old)}))


def _said(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Expr(value=ast.Constant()):
            return
        case ast.keyword(arg=str(name)) if name in WORDS:
            return
        case ast.Constant(value=value):
            yield repr(value)
        case ast.cmpop():
            yield type(node).__name__
    for each in ast.iter_child_nodes(node):
        yield from _said(each)
