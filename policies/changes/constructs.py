"""Whether templates show what an edit of a construct does, so that nobody need read it.

They show other values, and more constructs. They don't show what waits for a setting that nobody
tried: that takes a condition, a calculation, a function, another name, or a number of one of these.
"""

import ast
import builtins
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from policies.changes.differences import differences
from policies.changes.guards import NAME
from policies.changes.sources import CODE
from policies.changes.update import Update
from policies.finding import Finding

KIND = "construct-rewritten"
DECIDING = (
    *(ast.Assert, ast.BinOp, ast.BoolOp, ast.Compare, ast.If, ast.IfExp, ast.Lambda, ast.Raise),
    *(ast.Slice, ast.Starred, ast.Try, ast.UnaryOp, ast.comprehension),
)
METHODS = {*dir(str), *dir(dict)}


def unseen(
    found: Sequence[Finding], beside: Iterable[Update], pairs: Iterable[Update]
) -> Iterator[Finding]:
    """Yield findings without those of constructs whose edits the templates of ``pairs`` show."""
    if all(each.kind != KIND for each in found):
        # Templates need not be walked once more.
        yield from found
        return
    sides = next(((e.before, e.after) for e in beside if e.after.name == NAME), ())
    code = [each.template.get(CODE, {}) for each in sides]
    # The code that functions have is told by itself.
    differ = (each for pair in pairs for each in differences(pair) if "S3Key" not in each.where)
    text = " ".join(json.dumps(each.after) for each in differ)
    for each in found:
        name = each.rule.partition(f"[{CODE}.")[2].partition(" ")[0]
        if each.kind != KIND or not is_shown([side.get(name, "") for side in code], text):
            yield each


def is_shown(sides: Iterable[str], text: str) -> bool:
    """Return whether an edit has only values that are in ``text``, and decides as before."""
    old, new = ({name: Counter(of) for name, of in _said(ast.parse(side))} for side in sides)
    values = new["values"] - old["values"]
    known = {*re.findall(r"\w+", text)}
    return (
        bool(text)
        and new["decisions"] == old["decisions"]
        and new["names"] >= old["names"]
        and all(each in (known if each.isalnum() else text) for each in values)
    )


def _said(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """Yield what a construct names, which values it has, and by what it decides."""
    nodes = [*ast.walk(tree)]
    texts = (json.dumps(e.value, default=repr) for e in nodes if isinstance(e, ast.Constant))
    yield "values", [each.strip('"') for each in texts]
    read = (each for each in nodes if isinstance(each, ast.Name | ast.Attribute))
    yield "names", [ast.unparse(each) for each in read if isinstance(each.ctx, ast.Load)]
    yield "decisions", [ast.unparse(each) for each in nodes if _decides(each)]


def _decides(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id=name)):
            return hasattr(builtins, name) or not name[:1].isupper()
        case ast.Call(func=ast.Attribute(attr=name)):
            return name in METHODS
    return isinstance(node, DECIDING)
