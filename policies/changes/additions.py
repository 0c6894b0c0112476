"""What a test module only has beside what it had: whatever else differs is rewritten.

A statement is known by the name that it gives, and is the same if Python makes the same of it,
without what only comes to a test or to its cases (``policies/changes/longer.py``).
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

from policies.changes import longer, suites
from policies.changes.compiled import digest, does, gives, parsed, reads
from policies.changes.guards import NAME, TESTS
from policies.changes.update import Update
from policies.finding import Finding, at_stack

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
IMPORT = (ast.Import, ast.ImportFrom)
# What each assertion reads, as pytest writes it.
IMPLIED = ("AssertionError",)
BY_TEXT = {"getfixturevalue", "usefixtures"}


class Module:
    """A test module: its statements by the names that they give, or else by their texts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.named: dict[str, list[Any]] = defaultdict(list)
        for node in parsed(text).body:
            match node:
                case ast.Import(names=names) | ast.ImportFrom(names=names):
                    for each in names:
                        part = copy(node)
                        part.names = [each]
                        self.named[each.asname or each.name].append(part)
                case ast.Assign(targets=[ast.Name(id=name)]):
                    self.named[name].append(node)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self.named[name].append(node)
                case _:
                    self.named[getattr(node, "name", ast.unparse(node))].append(node)

    def lines(self, name: str) -> list[str]:
        """Return the lines of what gives a name; none if nothing does."""
        found = []
        for node in self.named.get(name, ()):
            first = min(each.lineno for each in (*getattr(node, "decorator_list", ()), node))
            found += self.text.splitlines()[first - 1 : node.end_lineno]
        return found


def compared(update: Update) -> Iterator[tuple[str, Module, Module]]:
    """Yield each test module that differs, with what it had and what it has.

    A module of another name may be new; an edit of it is an edit of code that judges.
    """
    before, after = (each.template.get(TESTS, {}) for each in (update.before, update.after))
    for file, text in after.items() if update.after.name == NAME else ():
        is_told = file not in before or Path(file).match("test_*.py")
        if is_told and before.get(file) != text:
            yield file, Module(before.get(file, "")), Module(text)


def finding(update: Update, file: str, message: str, *sides: Sequence[ast.AST]) -> Finding:
    """Return a finding about what a file had and has, at the first line of that."""
    digests = (digest("\n".join(map(ast.unparse, side)).encode()) for side in sides)
    exact = f"{TESTS}.{file} {' -> '.join(digests)}"
    line = next(filter(None, (getattr(each, "lineno", 0) for each in sides[-1])), 1)
    return replace(at_stack(update.after, message, exact=exact), source=f"{file}:{line}")


def asked_elsewhere(update: Update) -> set[str]:
    """Return the names of fixtures that several modules have, or that those ask for."""
    files = update.after.template.get("files", {})
    shared = (text for name, text in files.items() if name.endswith("conftest.py"))
    return asked_for(*map(ast.parse, shared))


def asked_for(*parts: ast.AST) -> set[str]:
    """Return the names of fixtures that there are, or that functions or texts ask for."""
    nodes = [node for part in parts for node in ast.walk(part)]
    calls = (node for node in nodes if isinstance(node, ast.Call))
    by_text = (each for each in calls if suites.names(each.func) & BY_TEXT)
    texts = (each for call in by_text for each in ast.walk(call) if isinstance(each, ast.Constant))
    functions = [*_called(nodes)]
    return {each.name for each in functions}.union(
        (str(each.value) for each in texts), *map(_parameters, functions)
    )


def rewritten(before: Module, after: Module, elsewhere: Collection[str]) -> Iterator[str]:
    """Yield each name that is not given as it was, or that takes the place of one that is used.

    A new fixture takes the name of one that is asked for in the module, or ``elsewhere``.
    """
    base, new = before.named, after.named
    old, rest = ([each for same in side.values() for each in same] for side in (base, new))
    needed, used, cases = reads(*rest), {*reads(*old), *IMPLIED}, _cases(old)
    asked = asked_for(*old) | {*elsewhere}
    nodes = [node for each in old for node in ast.walk(each)]
    passed = {node.arg for node in nodes if isinstance(node, ast.keyword)}
    for name, same in base.items():
        now = new.get(name, ())
        unused = isinstance(same[0], IMPORT) and name.partition(".")[0] not in needed | asked
        kept = (
            _is_kept(*pair, passed, has_cases=name in cases)
            for pair in zip(same, now, strict=False)
        )
        if (now or not unused) and (len(now) != len(same) or not all(kept)):
            yield name
    for name in (each for each in new if each not in base):
        taken = ({*used, *(asked if _may_be_fixture(each) else ())} for each in new[name])
        if name == "*" or any(_gives(e) & names for e, names in zip(new[name], taken, strict=True)):
            yield name


def _is_kept(base: Any, new: Any, passed: Collection[str | None], *, has_cases: bool) -> bool:
    """Return whether a statement of a module does what it did, and perhaps more."""
    nodes = [*ast.walk(base)]
    fixed = {each.arg for each in nodes if isinstance(each, ast.arg) and each.arg in passed}
    fixed = fixed.union(*map(_parameters, _called(nodes)))
    if suites.is_test(base) and suites.is_test(new):
        base, shorter = longer.without_more(base, new)
    else:
        shorter = [longer.without_cases(base, new) if has_cases else new]
    return any(does(base, fixed) == does(each, fixed) for each in shorter)


def _called(nodes: Iterable[ast.AST]) -> Iterator[Function]:
    """Yield the functions that others call by names that are not here: tests, fixtures, hooks."""
    for each in nodes:
        if isinstance(each, Function) and (suites.is_test(each) or each.decorator_list):
            yield each


def _parameters(function: Function) -> set[str]:
    return {each.arg for each in ast.walk(function.args) if isinstance(each, ast.arg)}


def _cases(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names of lists that tests have their cases from, and that nothing else reads."""
    read, of_cases = Counter[str](), Counter[str]()
    for node in (node for each in statements for node in ast.walk(each)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            read[node.id] += 1
        if longer.is_parametrize(node):
            parts = (part for each in node.args[1:2] for part in ast.walk(each))
            of_cases.update(part.id for part in parts if isinstance(part, ast.Name))
    return {name for name in of_cases if of_cases[name] == read[name]}


def _gives(statement: ast.stmt) -> set[str]:
    """Return the names that a statement of a module gives there, or to a fixture."""
    keywords = (each for each in ast.walk(statement) if isinstance(each, ast.keyword))
    named = {ast.unparse(each.value).strip("'") for each in keywords if each.arg == "name"}
    return gives(statement) | (named if _may_be_fixture(statement) else set())


def _may_be_fixture(statement: ast.stmt) -> bool:
    return not isinstance(statement, Function) or bool(statement.decorator_list)
