"""Python sources as they are compared: without comments, promises and layout."""

import ast
import hashlib
import re
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from difflib import SequenceMatcher, unified_diff
from pathlib import Path
from symtable import Symbol, SymbolTable, symtable

# The name under which they are compared.
CODE = "code"
# The share of lines that two sources have in common if one was made of the other.
MOST = 0.5
# Where a long line can be divided.
LONG = re.compile(r"([^\n]{80,200}?,) ")
PROMISING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def source(path: Path) -> str:
    """Return the text of a source as Python reads it: a comment may name its encoding."""
    with tokenize.open(path) as file:
        return file.read()


def parsed(text: str, *, promises: bool = False) -> ast.Module:
    """Return a source without its promises, but for the help of a command, or of a group."""
    tree = ast.parse(text)
    for node in ast.walk(tree) if not promises else ():
        if not isinstance(node, PROMISING) or ast.get_docstring(node, clean=False) is None:
            continue
        decorators = map(ast.unparse, getattr(node, "decorator_list", ()))
        if not any(re.search("command|group", each) for each in decorators):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def parts(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements of a source, in an order that its layout doesn't change."""
    yield from (each for each in ast.walk(tree) if isinstance(each, ast.stmt))


def first_new(before: str, after: str) -> int:
    """Return which of the ``parts`` is the first that is new, or has less in it than before.

    Of those that hold each other it is the innermost. It is the first of all where none is.
    """
    old = {*map(ast.unparse, parts(ast.parse(before)))}
    found = [*parts(ast.parse(after))]
    new = {each for each in found if ast.unparse(each) not in old}
    inner = [each for each in new if new.isdisjoint([*ast.walk(each)][1:])]
    return found.index(min(inner, key=lambda each: each.lineno)) if inner else 0


def differing(before: str, after: str) -> list[str]:
    """Return the lines that only one of two texts has, those of the first with a ``-``.

    A long line is divided, and letters that look like those of ASCII are told by their numbers.
    """
    one, other = (LONG.sub(r"\1\n    ", text).splitlines() for text in (before, after))
    diff = [*unified_diff(one, other, n=0, lineterm="")]
    shown = (each for each in diff[2:] if each[:2] != "@@")
    return [each.encode("ascii", "backslashreplace").decode() for each in shown]


def first_lines(lines: list[str], most: int) -> list[str]:
    """Return the first lines, and how many more there are."""
    return [*lines[:most], *([f"and {len(lines) - most} more lines"] if lines[most:] else [])]


def is_like(one: str, other: str) -> bool:
    """Return whether most lines of two texts are the same."""
    return SequenceMatcher(None, one.splitlines(), other.splitlines()).ratio() > MOST


def digest(text: bytes) -> str:
    """Return what tells a text from any other one."""
    return hashlib.sha256(text).hexdigest()[:16]


def content(path: Path) -> str:
    """Return the text of a file; of bytes that are none, what tells them from any others."""
    whole = path.read_bytes()
    with suppress(UnicodeDecodeError):
        return whole.decode()
    return f"{len(whole)} bytes, {digest(whole)}"


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
