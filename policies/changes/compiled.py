"""What Python makes of statements: the same for other comments, promises, lines and local names."""

import ast
import dis
import hashlib
import tokenize
from collections.abc import Collection, Iterator, Sequence
from inspect import CO_VARARGS, CO_VARKEYWORDS
from pathlib import Path
from types import CodeType
from typing import Any

PROMISING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# What hands on variables of a function to one in it, in the order of their names.
CLOSING = ("COPY_FREE_VARS", "LOAD_CLOSURE", "MAKE_CELL")


def source(path: Path) -> str:
    """Return the text of a source as Python reads it: a comment may name its encoding."""
    with tokenize.open(path) as file:
        return file.read()


def parsed(text: str) -> ast.Module:
    """Return a source without its promises."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, PROMISING) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def digest(text: bytes) -> str:
    """Return what tells a text from any other one."""
    return hashlib.sha256(text).hexdigest()[:16]


def does(statement: ast.stmt, fixed: Collection[str]) -> object:
    """Return what equals that of any statement that does the same.

    Local names may be others, but for parameters that are ``fixed``: somebody passes them by name.
    """
    return _does(_compiled([statement]), {}, fixed)


def reads(*statements: ast.stmt) -> set[str]:
    """Return the names that are read of a module, or of what every module has."""
    return _named(statements, "LOAD_NAME", "LOAD_GLOBAL")


def gives(*statements: ast.stmt) -> set[str]:
    """Return the names that a module gets, or has no longer, by statements of it."""
    inside = _named(statements, "STORE_GLOBAL", "DELETE_GLOBAL")
    return inside | _named(statements, "STORE_NAME", "DELETE_NAME")


def _named(statements: Sequence[ast.stmt], *by: str) -> set[str]:
    codes = _codes(_compiled(statements))
    steps = (step for code in codes for step in dis.get_instructions(code))
    return {str(step.argval) for step in steps if step.opname in by}


def _compiled(statements: Sequence[ast.stmt]) -> CodeType:
    module = ast.fix_missing_locations(ast.Module([*statements], []))
    return compile(module, "", "exec", dont_inherit=True, optimize=0)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        yield from _codes(each) if isinstance(each, CodeType) else ()


def _does(code: CodeType, captured: dict[str, int], fixed: Collection[str]) -> object:
    own: dict[str, int] = {}

    def named(name: str) -> object:
        if name in fixed:
            return name
        known = captured if name in (*code.co_cellvars, *code.co_freevars) else own
        return name in code.co_freevars, known.setdefault(name, len(known))

    def said(value: Any, *, is_local: bool = False) -> object:
        match value:
            case CodeType():
                return _does(value, captured, fixed)
            case tuple():
                return tuple(said(each, is_local=is_local) for each in value)
            case frozenset():
                return sorted(map(repr, value))
        return named(value) if is_local else (type(value), repr(value))

    numbers = (code.co_posonlyargcount, code.co_argcount, code.co_kwonlyargcount, code.co_flags)
    rest = [bool(code.co_flags & each) for each in (CO_VARARGS, CO_VARKEYWORDS)]
    parameters = code.co_varnames[: sum([*numbers[1:3], *rest])]
    local = {*dis.haslocal, *dis.hasfree}
    steps = [
        (step.opname, said(step.argval, is_local=step.opcode in local))
        for step in dis.get_instructions(code)
        if step.opname not in CLOSING
    ]
    return numbers, [*map(named, parameters)], steps, code.co_exceptiontable
