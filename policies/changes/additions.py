"""What a test module only has beside what it had: whatever else differs is rewritten.

A definition of it, which is a statement at its top, is the same if its source is, without comments
and promises. What comes may be a definition of a name that nothing uses yet, and what stands at the
end: of a test, where all that was there has been run, or of a test's own list of cases.
"""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, TypeAlias

from policies.changes import imported, suites
from policies.changes.guards import NAME, TESTS
from policies.changes.sources import bound, digest, is_like, parsed, read
from policies.changes.update import Update
from policies.finding import Finding, at_stack

# By the names that they give to a module or to a fixture, or else by their texts.
Definitions: TypeAlias = Mapping[str, Sequence[Any]]

# What each assertion reads, as pytest writes it.
IMPLIED = "AssertionError"
ASKING = (ast.arg, ast.Constant, ast.FunctionDef, ast.AsyncFunctionDef)
# What may come at the end of a test: it neither leaves it, nor catches or patches anything.
LATER = (ast.Assert, ast.Assign, ast.AnnAssign, ast.Expr, ast.For, ast.If, ast.With)
# A statement of these leaves alone what it doesn't give a name to.
SETTLED = (ast.AnnAssign, ast.Assign, ast.ClassDef, ast.Import, ast.ImportFrom, *ASKING[2:])
NEVER = (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)
PATCHING = suites.SKIPPING | imported.REACHING | {"monkeypatch"}


def compared(update: Update) -> Iterator[tuple[str, Definitions, Definitions]]:
    """Yield each test module that differs, with what it had and what it has.

    One that comes had what its like has that goes. A module of another name may be new; an edit of
    it is an edit of code that judges.
    """
    before, after = (each.template.get(TESTS, {}) for each in (update.before, update.after))
    gone = [text for file, text in before.items() if file not in after]
    for file, text in after.items() if update.after.name == NAME else ():
        base = before.get(file) or next((each for each in gone if is_like(each, text)), "")
        if (file not in before or Path(file).match("test_*.py")) and base != text:
            yield file, _definitions(base), _definitions(text)


def finding(update: Update, file: str, message: str, *sides: Sequence[ast.AST]) -> Finding:
    """Return a finding about what a file had and has, at the first line of what it has not had."""
    old, new = ([*map(ast.unparse, side)] for side in sides)
    digests = (digest("\n".join(each).encode()) for each in (old, new))
    exact = f"{TESTS}.{file} {' -> '.join(digests)}"
    first = sorted(sides[1], key=lambda each: ast.unparse(each) in old)
    line = next(filter(None, (getattr(each, "lineno", 0) for each in first)), 1)
    return replace(at_stack(update.after, message, exact=exact), source=f"{file}:{line}")


def in_order(of: Definitions) -> list[ast.stmt]:
    """Return the statements at the top of a module in the order in which they stand."""
    return sorted(chain(*of.values()), key=lambda each: each.lineno)


def above(update: Update, file: str) -> list[str]:
    """Return the modules whose fixtures a module can ask for."""
    files = update.after.template.get("files", {})
    return [files[each] for each in files if file.startswith(each.removesuffix("conftest.py"))]


def rewritten(update: Update, file: str, base: Definitions, new: Definitions) -> Iterator[str]:
    """Yield each name that is not given as it was, or that is new and used already."""
    old = ast.Module([each for same in base.values() for each in same], [])
    used = {*read(old), IMPLIED}
    shared = map(ast.parse, above(update, file))
    # Those by which modules may have or ask for a fixture, in texts as well.
    nodes = [e for tree in (old, *shared) for e in ast.walk(tree) if isinstance(e, ASKING)]
    asked = used | {getattr(each, of, "") for each in nodes for of in ("arg", "name", "value")}
    changing = _changing(base)
    for name, same in base.items():
        now = new.get(name, ())
        is_kept = len(same) == len(now) and all(map(_is_kept, same, now))
        if not is_kept or (name in changing and _is_moved(name, base, new)):
            yield name
    for name in (each for each in new if each not in base):
        may_be_fixture = any(getattr(each, "decorator_list", [each]) for each in new[name])
        if name in (asked if may_be_fixture else used):
            yield name


@cache  # several kinds look at the same texts
def _definitions(text: str) -> Definitions:
    found: dict[str, list[Any]] = defaultdict(list)
    for node in parsed(text).body:
        names = node.names if isinstance(node, ast.Import | ast.ImportFrom) else ()
        parts = [type(node)(**{**vars(node), "names": [each]}) for each in names]
        for part in parts or [node]:
            for name in sorted(_gives(part)) or [ast.unparse(part)]:
                found[name].append(part)
    return found


def _gives(statement: Any) -> set[str]:
    """Return the names that a statement at the top gives to its module, or to a fixture."""
    given = bound(statement, inside=False)
    is_function = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
    early = [*statement.decorator_list, statement.args] if is_function else [statement]
    for node in (node for part in early for node in ast.walk(part)):
        match node:
            case ast.NamedExpr(target=ast.Name(id=name)):
                given.add(name)
            case ast.keyword(arg="name", value=ast.Constant(value=str(name))):
                given.add(name)
    return given


def _changing(base: Definitions) -> set[str]:
    """Return the names whose values are others further down, as the module is imported."""
    parts = (each for same in base.values() for each in same if not isinstance(each, SETTLED))
    again = {name for name, same in base.items() if len(same) > 1}
    return again.union(*map(suites.names, parts))


def _is_moved(name: str, base: Definitions, new: Definitions) -> bool:
    """Return whether what uses a name at the import does so in another order."""
    one, other = (
        {
            getattr(each, "name", ast.unparse(each)): None
            for each in in_order(side)
            if name in {getattr(node, "id", "") for node in imported.at_once(each)}
        }
        for side in (base, new)
    )
    return [each for each in one if each in other] != [each for each in other if each in one]


def _is_kept(base: Any, new: Any) -> bool:
    """Return whether a definition is the same, without what may have come to its end."""
    new = deepcopy(new)
    if suites.is_test(base) and suites.is_test(new) and not suites.names(base) & suites.SKIPPING:
        _cut(base.body, new.body, read(base))
        for pair in zip(base.decorator_list, new.decorator_list, strict=False):
            for one, other in zip(*map(_given, pair), strict=False):
                _cut(*(getattr(each, "elts", []) for each in (one, other)))
    return ast.unparse(base) == ast.unparse(new)


def _cut(base: Sequence[Any], new: list[Any], taken: Collection[str] = ()) -> None:
    """Leave out the end that a body or a list has got, unless it patches or hides something."""
    if all(_may_come(each, taken) for each in new[len(base) :]):
        del new[len(base) :]


def _may_come(part: ast.AST, taken: Collection[str]) -> bool:
    nodes = [*ast.walk(part)]
    return not (
        any(isinstance(each, ast.stmt) and not isinstance(each, LATER) for each in nodes)
        or any(isinstance(each, NEVER) for each in nodes)
        or suites.names(part) & PATCHING
        or (taken and bound(part) & {*taken})
        or suites.reaches(part)
    )


def _given(node: ast.AST) -> Sequence[ast.expr]:
    """Return the cases that a decorator gives to a test, and their names."""
    if not isinstance(node, ast.Call) or getattr(node.func, "attr", "") != "parametrize":
        return ()
    return [*node.args[1:2], *(each.value for each in node.keywords if each.arg == "ids")]
