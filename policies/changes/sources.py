"""Python sources as they are compared: without comments, promises and layout."""

import ast
import hashlib
import tokenize
from collections.abc import Iterator
from pathlib import Path
from symtable import Symbol, SymbolTable, symtable

PROMISING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


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


def bound(part: ast.AST, *, inside: bool = True) -> set[str]:
    """Return the names that get a value at the top of a part of a source, or also further in it."""
    said = _symbols(symtable(ast.unparse(part), "", "exec"), inside=inside)
    return {e.get_name() for e in said if e.is_assigned() or e.is_imported() or e.is_parameter()}


def read(part: ast.AST) -> set[str]:
    """Return the names that a part of a source reads of its module, or of what all modules have."""
    said = _symbols(symtable(ast.unparse(part), "", "exec"))
    return {each.get_name() for each in said if each.is_global() and each.is_referenced()}


def _symbols(table: SymbolTable, *, inside: bool = True) -> Iterator[Symbol]:
    yield from table.get_symbols()
    for each in table.get_children() if inside else ():
        yield from _symbols(each)
