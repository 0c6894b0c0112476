"""The tests that there are, read from their sources: more of them is more checked.

A test counts by its name and by what would skip it; a file also by the cases and assertions in it.
"""

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from policies.changes import imported
from policies.changes.assertions import can_fail, is_hollow

# A test with one of these may be counted without being run.
SKIPPING = frozenset(
    {"skip", "skipif", "xfail", "importorskip", "skipIf", "skipTest", "skipUnless", "SkipTest"}
)
# What decides about other tests, beside what pytest calls by its name.
DECIDING = SKIPPING | {
    "pytestmark",
    "collect_ignore",
    "collect_ignore_glob",
    "__test__",
    "_exit",
    "autouse",
}
HOOK = "pytest_"
# Settings of Hypothesis by which a property has fewer examples than the profile gives it.
LIMITING = ("max_examples", "phases")
OF_PROFILE = 100


def read(tests: Mapping[str, ast.Module]) -> Mapping[str, Any]:
    """Return of each file what it has: tests by name, cases by test or list, and assertions."""
    used = {name for tree in tests.values() for each in _parameters(tree) for name in _names(each)}
    return {
        name: {
            "named": dict(_tests(tree)),
            "cases": dict(_cases(tree, used)),
            "asserts": sum(map(can_fail, ast.walk(tree))),
        }
        for name, tree in tests.items()
    }


def lines(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield the name and the line of each test."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_test(node):
            yield node.name, node.lineno


def _tests(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each test of a file with what would skip it, and what decides about other tests."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _is_test(node):
            parts = (*node.decorator_list, *node.body)
            skips = [each for each in parts if _names(each) & SKIPPING]
            hollow = filter(is_hollow, ast.walk(node))
            yield node.name, "; ".join(map(ast.unparse, [*skips, *_ends(node.body), *hollow]))
    for scope in ast.walk(tree):
        if isinstance(scope, ast.Module | ast.ClassDef):
            often = Counter(map(_name, scope.body))
            yield from (
                (name, "again: only the last runs")
                for name in often
                if name.lower().startswith("test") and often[name] > 1
            )
    for node in tree.body:
        patches = imported.changes(node) or any(map(_takes_place, ast.walk(node)))
        if not _is_test(node) and (patches or any(_decides(name) for name in _names(node))):
            text = ast.unparse(node)
            yield getattr(node, "name", text.splitlines()[0].split(" =")[0]), text


def _takes_place(node: ast.AST) -> bool:
    """Return whether something else gets the name of a test, or the name goes."""
    named = isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    return named and getattr(node, "id", "").startswith("test_")


def _ends(body: Collection[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what may end a test before its first assertion."""
    for statement in body:
        inner = [*_outside_functions(statement)]
        if any(map(can_fail, inner)):
            return
        yield from (each for each in inner if isinstance(each, ast.Return | ast.Raise))


def _outside_functions(part: ast.AST) -> Iterator[ast.AST]:
    yield part
    for each in () if isinstance(part, imported.PLAIN) else ast.iter_child_nodes(part):
        yield from _outside_functions(each)


def _cases(tree: ast.Module, used: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield how many cases are written down for a test, or in a list that any test uses."""
    for test in filter(_is_test, ast.walk(tree)):
        cases = [case for each in _parameters(test) for case in _members(each)]
        yield from [(_name(test), len(cases))] if cases else []
        yield from ((f"examples of {_name(test)}", number) for number in _examples(test, tree))
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _members(node.value):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id in used:
                yield target.id, len(_members(node.value))


def _examples(test: ast.AST, tree: ast.Module) -> list[int]:
    """Return how many examples a property is tried with: those of the profile, or fewer."""
    decorators = getattr(test, "decorator_list", ())
    names = {name for each in decorators for name in _names(each)}
    if "given" not in names:
        return []
    apart = [each for each in tree.body if isinstance(each, ast.Assign)]
    used = [each.value for each in apart if _names(each.targets[0]) & names]
    settings = [
        each
        for part in (*decorators, *used)
        for each in ast.walk(part)
        if isinstance(each, ast.keyword) and each.arg in LIMITING
    ]
    limits = (getattr(each.value, "value", 0) for each in settings)
    return [min([OF_PROFILE, *(limit if isinstance(limit, int) else 0 for limit in limits)])]


def _parameters(part: ast.AST) -> Iterator[ast.expr]:
    """Yield what a part of a source lets tests run with."""
    for call in ast.walk(part):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "parametrize":
            yield from [*call.args, *(each.value for each in call.keywords)][1:2]


def _members(value: ast.expr | None) -> list[ast.expr]:
    match value:
        case ast.List(elts=members) | ast.Tuple(elts=members) | ast.Set(elts=members):
            return members
        case ast.Dict(values=members):
            return members
        case _:
            return []


def _is_test(node: ast.AST) -> bool:
    return _name(node).startswith("test_")


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _decides(name: str) -> bool:
    return name in DECIDING or name.startswith(HOOK)


def _names(part: ast.AST) -> set[str]:
    """Return every name that a part of a source defines, imports or uses."""
    fields = ("id", "attr", "name", "asname")
    found = (getattr(node, field, None) for node in ast.walk(part) for field in fields)
    keywords = (node.arg for node in ast.walk(part) if isinstance(node, ast.keyword))
    return {name for name in (*found, *keywords) if isinstance(name, str)}
