"""What a Python source does when it is only imported, beyond naming what it defines.

A check that comes as a whole file is more checked, unless its import changes another one.
"""

import ast
from collections.abc import Collection, Iterator
from typing import TypeGuard

from policies import patterns

_NAMES = patterns.beside(__file__)
REACHING, MAKES, TEXTS, CLOSED, BUILDING, DECLARING = (
    frozenset(_NAMES[of])
    for of in ("reaching", "makes", "of_texts", "closed", "building", "declaring")
)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
PLAIN = (ast.Import, ast.ImportFrom, ast.Pass, ast.ClassDef, *FUNCTIONS)


def changes(node: ast.stmt) -> bool:
    """Return whether a statement of a module does more than import, define and assign names."""
    if isinstance(node, PLAIN) or is_command(node):
        return False
    if not all(map(_is_open, ast.walk(node))):
        return True
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return False
        case ast.Assign(targets=targets):
            return not all(isinstance(each, ast.Name | ast.Tuple | ast.List) for each in targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return not isinstance(target, ast.Name)
    return True


def effects(tree: ast.Module) -> Iterator[str]:
    """Yield each statement by which an import of a module of the gates may change another one."""
    poses = {*_posing(tree)}
    for node in tree.body:
        now = [*at_once(node)]
        called = (name for each in now for name in _called(each))
        if (
            any(changes(each) for each in now if isinstance(each, ast.stmt))
            or not all(map(_is_open, ast.walk(node)))
            or not all(_makes(each, poses) for each in called)
        ):
            yield ast.unparse(node)


def is_command(node: ast.AST) -> TypeGuard[ast.If]:
    """Return whether a statement runs only what ``python -m`` runs."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def at_once(node: ast.AST) -> Iterator[ast.AST]:
    """Yield all of a statement that an import runs: of a function, all but its body."""
    yield node
    later = node.body if isinstance(node, FUNCTIONS) or is_command(node) else ()
    for part in ast.iter_child_nodes(node):
        if part not in later:
            yield from at_once(part)


def _called(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what is called where a node is run: decorators and metaclasses are as well."""
    match node:
        case ast.Call(func=called) | ast.keyword(arg="metaclass", value=called):
            yield called
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (each for each in node.decorator_list if not isinstance(each, ast.Call))


def _posing(tree: ast.Module) -> Iterator[str]:
    """Yield what is named like a class, and runs code of ours or of another name when called."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name, body=body, keywords=keywords):
                own = {each.name for each in body if isinstance(each, ast.FunctionDef)}
                yield from (name,) if keywords or own & BUILDING else ()
            case ast.alias(name=name, asname=str(called)) if name != called:
                yield called
            case ast.Name(id=name, ctx=ast.Store()):
                yield name


def _is_open(node: ast.AST) -> bool:
    """Return whether a node names nothing by which other modules are changed."""
    match node:
        case ast.Import(names=found):
            imported = [each.name for each in found]
        case ast.ImportFrom(module=module, names=found):
            imported = [f"{module}.{each.name}" for each in found]
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.FunctionDef(name=name):
            return name not in REACHING
        case _:
            return True
    return not any(f"{name}.".startswith(f"{each}.") for name in imported for each in CLOSED)


def _makes(called: ast.expr, poses: Collection[str]) -> bool:
    """Return whether what is called does nothing but make a value."""
    # A generic class is called by what it is of.
    called = called.value if isinstance(called, ast.Subscript) else called
    name = getattr(called, "attr", getattr(called, "id", ""))
    is_known = name in TEXTS if isinstance(called, ast.Attribute) else name in MAKES
    is_class = name.lstrip("_")[:1].isupper()
    is_known |= ast.unparse(called) in DECLARING
    return (is_known or is_class) and getattr(called, "id", "") not in poses
