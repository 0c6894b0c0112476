"""The tests that there are, read from their sources, and what decides whether others are run."""

import ast
import builtins
from collections.abc import Iterator, Sequence
from types import MappingProxyType
from typing import TypeGuard

from policies import patterns
from policies.changes import imported
from policies.changes.sources import bound

_NAMES = patterns.beside(__file__)
SKIPPING, INSIDE, BY, ALL, RESULTS = (
    frozenset(_NAMES[of]) for of in ("skipping", "inside", "by", "all", "results")
)
DECIDING, HOOKS = SKIPPING | {*_NAMES["deciding"]}, tuple(_NAMES["hooks"])
# What changes a list, a dictionary or a set in its place.
UNCHANGING = {*dir(tuple), *dir(frozenset), *dir(MappingProxyType), "fromkeys"}
CHANGING = {*dir(list), *dir(dict), *dir(set)} - UNCHANGING


def is_test(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return whether this is a function that pytest runs."""
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return is_function and _name(node).startswith("test_")


def deciding(added: Sequence[ast.stmt]) -> Iterator[ast.stmt | ast.expr]:
    """Yield what a module gets by which a test is skipped, or is another one."""
    nodes = [node for each in added for node in ast.walk(each)]
    for test in filter(is_test, nodes):
        parts: list[ast.stmt | ast.expr] = [*test.decorator_list, *test.body]
        yield from (each for each in parts if names(each) & SKIPPING)
    for body in (added, *(each.body for each in nodes if isinstance(each, ast.ClassDef))):
        tests = [each for each in body if _name(each).lower().startswith("test")]
        # Only the last of a name is run.
        yield from tests[: len(tests) - len({*map(_name, tests)})]
    for each in added:
        said = names(each)
        hooks = {name for name in said if name.startswith(HOOKS)}
        other = (
            said & (INSIDE | RESULTS)
            or (said & BY and said & ALL)
            or (not is_test(each) and said & DECIDING | hooks)
        )
        if other or imported.changes(each) or reaches(each):
            yield each


def names(part: ast.AST) -> set[str]:
    """Return every name that a part of a source defines, imports or uses."""
    fields = ("id", "attr", "arg", "name", "asname")
    found = (getattr(node, field, None) for node in ast.walk(part) for field in fields)
    return {name for name in found if isinstance(name, str)}


def reaches(part: ast.AST) -> bool:
    """Return whether a part of a source changes what it has not made, or takes a test's name."""
    own = bound(part) if isinstance(part, imported.PLAIN) else set()
    for node in ast.walk(part):
        is_changed = not isinstance(getattr(node, "ctx", None), ast.Load)
        match node:
            case ast.Global():
                return True
            case ast.Name(id=name) if is_changed and name.startswith("test_"):
                return True
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                names = ast.unparse(value).split(".")
                is_shared = names[0].isidentifier() and names[0] not in own
                is_value = any(each.isupper() or hasattr(builtins, each) for each in names)
                called = is_value and getattr(node, "attr", "") in CHANGING
                if is_shared and (called or is_changed):
                    return True
    return False


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))
