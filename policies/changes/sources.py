"""Python sources as they are compared: without comments, promises and layout."""

import ast
import hashlib
import tokenize
from collections.abc import Iterator
from pathlib import Path
from symtable import SymbolTable, symtable

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


def tables(part: ast.AST) -> Iterator[SymbolTable]:
    """Yield Python's tables of the names in a part of a source: of its top, and of all in it."""
    found = [symtable(ast.unparse(part), "", "exec")]
    while found:
        yield (table := found.pop())
        found += table.get_children()


def bound(*parts: SymbolTable) -> set[str]:
    """Return every name that gets a value, parameters included."""
    said = (each for table in parts for each in table.get_symbols())
    return {e.get_name() for e in said if e.is_assigned() or e.is_imported() or e.is_parameter()}


def read(*parts: SymbolTable) -> set[str]:
    """Return the names that are read of the module, or of what every module has."""
    said = (each for table in parts for each in table.get_symbols())
    return {each.get_name() for each in said if each.is_global() and each.is_referenced()}
