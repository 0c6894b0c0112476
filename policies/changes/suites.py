"""The tests that there are, read from their sources, and what decides whether others are run.

What is new may use what makes values, and change what it has made or was given for itself.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
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
FREE, FIXTURE, PATCHES = (re.compile("|".join(_NAMES[of])) for of in ("free", "fixture", "patches"))
# What changes a list, a dictionary or a set in its place; files are looked at as tests run.
UNCHANGING = {*dir(tuple), *dir(frozenset), *dir(MappingProxyType), "fromkeys"}
CHANGING = {*dir(list), *dir(dict), *dir(set)} - UNCHANGING
# Where a statement has what it takes, and what it gives a name to.
TAKEN, NAMED = ("value", "iter", "context_expr"), ("target", "optional_vars")


def is_test(node: ast.AST) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return whether this is a function that pytest runs."""
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    return is_function and _name(node).startswith("test_")


def deciding(added: Sequence[ast.stmt], texts: str) -> Iterator[ast.stmt | ast.expr]:
    """Yield what a module gets by which a test is skipped, or is another one.

    ``texts`` are the module's, and those of what it has fixtures of.
    """
    shared = {*FIXTURE.findall(texts)}
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
        texts_said = {node.value for node in ast.walk(each) if isinstance(node, ast.Constant)}
        hooks = {name for name in said if name.startswith(HOOKS)}
        other = (
            (said | texts_said) & RESULTS
            or (said & BY and said & ALL)
            or (not is_test(each) and said & DECIDING | hooks)
        )
        if other or imported.changes(each) or reaches(each, shared):
            yield each


def names(part: ast.AST) -> set[str]:
    """Return every name that a part of a source defines, imports or uses."""
    fields = ("id", "attr", "arg", "name", "asname")
    found = (getattr(node, field, None) for node in ast.walk(part) for field in fields)
    return {name for name in found if isinstance(name, str)}


def reaches(part: ast.AST, shared: Collection[str] = ()) -> bool:
    """Return whether a part of a source changes what it has not made, or uses what may."""
    nodes, local = [*ast.walk(part)], bound(part)
    own = local - {each.arg for each in nodes if isinstance(each, ast.arg)}.intersection(shared)
    for node in nodes * 2:  # What is nested comes later.
        if any(_root(getattr(node, each, None), local) not in {*own, ""} for each in TAKEN):
            own -= {*_stored(node)}
    used = PATCHES.search(ast.unparse(part)) or not all(map(FREE.fullmatch, _used(nodes)))
    return bool(used) or any(_changes(each, local, own) for each in nodes)


def _changes(node: ast.AST, local: Collection[str], own: Collection[str]) -> bool:
    is_changed = not isinstance(getattr(node, "ctx", None), ast.Load)
    match node:
        case ast.Name(id=name):
            return name in INSIDE or (is_changed and name.startswith("test_"))
        case ast.AugAssign(target=ast.Name(id=name)):
            return name in local and name not in own
        case ast.Attribute(value=value) | ast.Subscript(value=value):
            root = _root(value, local)
            # What is called of a module is no part of it.
            is_part = (
                root in {*local, "dict", "list", "set"}
                or root.isupper()
                or root != ast.unparse(value)
            )
            is_changed |= is_part and getattr(node, "attr", "") in CHANGING
            return is_changed and root not in {*own, ""}
    return isinstance(node, ast.Global)


def _stored(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement, and not what is in its body, gives to what it takes."""
    given = [*getattr(node, "targets", ()), *(getattr(node, each, None) for each in NAMED)]
    for each in (part for one in given if one for part in ast.walk(one)):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _root(value: ast.AST | None, local: Collection[str]) -> str:
    """Return the name of what a value is a part of, or leads to; empty if it is newly made."""
    if isinstance(value, ast.List | ast.Tuple) and value.elts:
        value = value.elts[0]
    match value:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="Path" as name), args=[of, *_]):
            return _root(of, local) or name
        case ast.Call(func=ast.Attribute(value=of)):
            return name if (name := _root(of, local)) in local or name.isupper() else ""
        case ast.Attribute(value=of) | ast.Subscript(value=of) | ast.BinOp(left=of):
            return _root(of, local)
        case ast.BoolOp(values=[of, *_]) | ast.IfExp(body=of) | ast.Starred(value=of):
            return _root(of, local)
    return ""


def _used(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield what is imported, and what is used of a module, or of what Python has inside."""
    for node in nodes:
        match node:
            case ast.Import(names=found):
                yield from (each.name for each in found)
            case ast.ImportFrom(module=module, names=found):
                yield from (f"{module}.{each.name}" for each in found)
            case ast.Attribute(value=ast.Name(id=of), attr=name) if FREE.fullmatch(of):
                yield f"{of}.{name}"
            case ast.Attribute(attr=name) | ast.Name(id=name) if name.startswith("__"):
                yield name


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))
