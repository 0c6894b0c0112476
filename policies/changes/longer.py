"""A test, or a list of cases, without what has only come to it.

That is an assertion, or what stands at the end of a test, where all that was there has been run: it
neither ends the test early, nor catches or patches anything. The number or text that an assertion
expects is left out as well: with a wrong one a test fails.
"""

import ast
from collections.abc import Collection, Iterator, Sequence
from copy import deepcopy
from typing import Any, TypeGuard

from policies.changes import imported, suites
from policies.changes.assertions import is_hollow
from policies.changes.compiled import reads

LATER = (ast.Assert, ast.Assign, ast.AnnAssign, ast.Expr, ast.For, ast.If, ast.With, ast.withitem)
LEAVING = (ast.Await, ast.Yield, ast.YieldFrom)
PATCHING = suites.SKIPPING | imported.REACHING | {"monkeypatch"}
# Of what an assertion may consist before others: it looks at values, and uses none of them up.
LOOKING = (
    *(ast.Assert, ast.Attribute, ast.BinOp, ast.BoolOp, ast.Call, ast.Compare, ast.Constant),
    *(ast.Dict, ast.List, ast.Load, ast.Name, ast.Set, ast.Subscript, ast.Tuple, ast.UnaryOp),
    *(ast.boolop, ast.operator, ast.unaryop),
    *(ast.Eq, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.Lt, ast.LtE, ast.NotEq),
)
LOOKS = ("isinstance", "len")


def is_parametrize(node: ast.AST) -> TypeGuard[ast.Call]:
    """Return whether this gives cases to a test."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "parametrize"


def without_more(base: Any, new: Any) -> tuple[Any, Sequence[Any]]:
    """Return a test, and what ``new`` may be without what came to it."""
    if suites.names(base) & suites.SKIPPING:
        return base, [new]
    base, new = _neutral(base), _neutral(new)
    for one, other in zip(base.decorator_list, new.decorator_list, strict=False):
        if is_parametrize(one) and is_parametrize(other):
            other.args = [without_cases(*each) for each in zip(one.args, other.args, strict=False)]
            for was, now in zip(one.keywords, other.keywords, strict=False):
                now.value = without_cases(was.value, now.value)
    known = {ast.unparse(each) for each in ast.walk(base) if isinstance(each, ast.stmt)}
    earlier = deepcopy(new)
    earlier.body = _known(earlier.body, known)
    for each in (new, earlier):
        more = each.body[len(base.body) :]
        if all(_may_end(part, reads(base)) for part in more):
            each.body = each.body[: len(base.body)]
    return base, [new, earlier]


def without_cases(base: Any, new: Any) -> Any:
    """Return a list of cases, or a statement that gives it a name, without those that came."""
    new = deepcopy(new)
    match base, new:
        case ((ast.Assign() | ast.AnnAssign()), (ast.Assign() | ast.AnnAssign())):
            new.value = without_cases(base.value, new.value)
        case ast.Dict(keys=keys), ast.Dict():
            known = {ast.unparse(each) for each in keys if each}
            pairs = [
                (key, value)
                for key, value in zip(new.keys, new.values, strict=True)
                if not isinstance(key, ast.Constant)
                or ast.unparse(key) in known
                or not _is_case(value)
            ]
            new.keys, new.values = [key for key, _ in pairs], [value for _, value in pairs]
        case ((ast.List() | ast.Tuple() | ast.Set()), (ast.List() | ast.Tuple() | ast.Set())):
            known = {*map(ast.unparse, base.elts)}
            new.elts = [e for e in new.elts if ast.unparse(e) in known or not _is_case(e)]
    return new


def _is_case(value: ast.AST) -> bool:
    """Return whether a value skips no test, and changes nothing when it is made."""
    walrus = any(isinstance(each, ast.NamedExpr) for each in ast.walk(value))
    return not (walrus or suites.names(value) & PATCHING or suites.reaches(value))


def _neutral(test: Any) -> Any:
    """Return a test in which any number or text is expected."""
    test = deepcopy(test)
    for statement in _always_run(test.body):
        match statement:
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                _expect_any(left, right)
                _expect_any(right, left)
    return test


def _expect_any(expected: ast.expr, other: ast.expr) -> None:
    """Leave out a number or a text, unless it is zero or empty: then nothing may have been done."""
    if isinstance(expected, ast.Constant) and not isinstance(other, ast.Constant):
        is_something = expected.value and isinstance(expected.value, int | float | str)
        expected.value = type(expected.value).__name__ if is_something else expected.value


def _always_run(body: Collection[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements whose failure nothing catches, and whose body is a part of the test."""
    for each in body:
        yield each
        if isinstance(each, ast.For | ast.If):
            yield from _always_run([*each.body, *each.orelse])


def _known(body: list[ast.stmt], known: Collection[str]) -> list[ast.stmt]:
    """Return statements without the assertions that are not ``known``, unless all are such."""
    for each in body:
        if isinstance(each, ast.For | ast.If):
            each.body, each.orelse = (_known(part, known) for part in (each.body, each.orelse))
    return [each for each in body if ast.unparse(each) in known or not _may_come(each)] or body


def _may_come(statement: ast.stmt) -> bool:
    """Return whether this is an assertion that only looks at values."""
    nodes = [*ast.walk(statement)]
    called = {ast.unparse(each.func) for each in nodes if isinstance(each, ast.Call)}
    looks = all(isinstance(each, LOOKING) for each in nodes) and called <= {*LOOKS}
    return isinstance(statement, ast.Assert) and looks and not is_hollow(statement)


def _may_end(statement: ast.stmt, taken: Collection[str]) -> bool:
    """Return whether a test may end with this: it patches nothing, and hides none of ``taken``."""
    nodes = [*ast.walk(statement)]
    return not (
        any(isinstance(each, ast.stmt) and not isinstance(each, LATER) for each in nodes)
        or any(isinstance(each, LEAVING) or is_hollow(each) for each in nodes)
        or suites.names(statement) & PATCHING
        or suites.bound(statement) & {*taken}
        or suites.reaches(statement)
    )
