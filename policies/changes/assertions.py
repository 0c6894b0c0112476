"""Which parts of a test can fail: an assertion that holds whatever the code does is none."""

import ast
import builtins
from itertools import pairwise
from typing import TypeGuard

FAILING = ("raises", "fail", "warns")
# What holds between a thing and itself.
REFLEXIVE = (ast.Eq, ast.Is, ast.LtE, ast.GtE)


def can_fail(node: ast.AST) -> bool:
    """Return whether a part of a source is an assertion that some outcome fails."""
    if isinstance(node, ast.Assert):
        return not _always(node.test)
    return isinstance(node, ast.Attribute) and node.attr in FAILING


def is_hollow(node: ast.AST) -> TypeGuard[ast.Assert]:
    """Return whether an assertion can't fail, and does not ask the same of our code twice."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    own = any(not hasattr(builtins, getattr(called, "id", "")) for called in calls)
    return isinstance(node, ast.Assert) and not can_fail(node) and not own


def _always(test: ast.expr) -> bool:
    """Return whether an expression is true, or an error, whatever the code under test does."""
    return _is_something(test) or _holds_by_logic(test) or _compares_with_itself(test)


def _is_something(value: ast.expr) -> bool:
    """Return whether a value is a constant, or written so that it is not empty."""
    match value:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return isinstance(inner, ast.Constant)
        case ast.List(elts=members) | ast.Tuple(elts=members) | ast.Set(elts=members):
            return any(not isinstance(each, ast.Starred) for each in members)
        case ast.Dict(keys=keys):
            return any(keys)
    return isinstance(value, ast.Constant | ast.JoinedStr | ast.Lambda)


def _holds_by_logic(test: ast.expr) -> bool:
    match test:
        case ast.NamedExpr(value=one) | ast.Call(func=ast.Name(id="bool"), args=[one]):
            return _always(one)
        case ast.IfExp(body=one, orelse=other):
            return _always(one) and _always(other)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(map(_always, parts))
        case ast.BoolOp(values=parts):
            said = {ast.dump(each) for each in parts}
            negated = [each.operand for each in parts if isinstance(each, ast.UnaryOp)]
            return any(map(_always, parts)) or any(ast.dump(each) in said for each in negated)
    return ast.unparse(test).startswith("isinstance(") and ast.unparse(test).endswith(", object)")


def _compares_with_itself(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare):
        return False
    pairs = zip(test.ops, pairwise([test.left, *test.comparators]), strict=True)
    return all(_says_nothing(op, *both) for op, both in pairs)


def _says_nothing(op: ast.cmpop, one: ast.expr, other: ast.expr) -> bool:
    """Return whether a comparison is of constants, with itself, or with anything at all."""
    if isinstance(op, ast.In):
        return ast.dump(one) in map(ast.dump, getattr(other, "elts", ()))
    if isinstance(op, ast.GtE) and ast.unparse(one).startswith("len("):
        return ast.unparse(other) in ("0", ast.unparse(one))
    if isinstance(op, ast.Eq) and ast.unparse(other).split(".")[-1] == "ANY":
        return True
    constant = isinstance(one, ast.Constant) and isinstance(other, ast.Constant)
    return constant or (isinstance(op, REFLEXIVE) and ast.dump(one) == ast.dump(other))
