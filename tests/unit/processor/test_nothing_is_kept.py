"""No function's code changes what outlives an invocation: what a module or a class has.

It would hold what an earlier file or batch brought, be counted with a later one, or grow without
end. The scan of the code allows caches by place; this finds those that are made by hand.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    str(file.relative_to(ROOT))
    for of in ("aws_client/**/*.py", "*/runtime/**/*.py")
    for file in sorted(ROOT.glob(f"services/{of}"))
]
CHANGING = {
    *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop"),
    *("popitem", "popleft", "remove", "reverse", "rotate", "setdefault", "sort", "subtract"),
    *("update", "difference_update", "intersection_update", "symmetric_difference_update"),
}
# What may be kept, with the reason.
KEPT = {
    ("services/processor/runtime/attributes.py", "_labels"): "names of fields, a thousand at most",
}


def shared(tree: ast.Module) -> set[str]:
    """Return the names that a module has, and its classes, and that are no functions."""
    classes = [each for each in tree.body if isinstance(each, ast.ClassDef)]
    names = {"cls"}
    for node in [*tree.body, *(each for of in classes for each in of.body)]:
        match node:
            case ast.Assign(targets=targets):
                names |= {each.id for each in targets if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
                names.add(name)
            case ast.ClassDef(name=name) | ast.Import(names=[ast.alias(name=name)]):
                names.add(name)
    return names


def changed(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield the line where a function changes something of the module's, and its name."""
    names = shared(tree)
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.Lambda))
    for node in (inside for each in functions for inside in ast.walk(each)):
        match node:
            case ast.Global(names=[name, *_]):
                yield node.lineno, name
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if attr in CHANGING:
                yield from ((node.lineno, name),) if name in names else ()
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="cls")), attr=attr):
                yield from ((node.lineno, "cls"),) if attr in CHANGING else ()
            case (
                ast.Attribute(value=ast.Name(id=name), ctx=ast.Store() | ast.Del())
                | ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del())
            ) if name in names:
                yield node.lineno, name


@pytest.mark.parametrize("file", SOURCES)
def test_what_outlives_an_invocation_is_not_changed(file: str) -> None:
    found = [
        f"{file}:{line}: {name} is changed here and outlives the invocation: it would keep what one"
        " file or batch brought, and could grow without end. Make it where a run begins; if it is"
        f" bounded and holds nothing of a record, name it in KEPT of {Path(__file__).name}"
        for line, name in changed(ast.parse((ROOT / file).read_text()))
        if (file, name) not in KEPT
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "lines",
    [
        "SEEN = []\ndef f(x):\n    SEEN.append(x)",
        "seen: set[str] = set()\ndef f(x):\n    seen.add(x)",
        "_by_id = {}\ndef f(x):\n    _by_id[x] = x",
        "from collections import deque\nlast = deque()\ndef f(x):\n    last.appendleft(x)",
        "count = 0\ndef f():\n    global count\n    count += 1",
        "class Row:\n    seen = []\n    def f(self, x):\n        Row.seen = x",
        "class Row:\n    @classmethod\n    def f(cls, x):\n        cls.seen.update(x)",
        "_by_id = {1: 1}\ndef f(x):\n    del _by_id[x]",
    ],
)
def test_what_is_kept_by_hand_is_found(lines: str) -> None:
    assert [*changed(ast.parse(lines))]


def test_what_belongs_to_a_run_or_is_made_by_the_import_may_be_changed() -> None:
    lines = (
        "ALL = []\nALL.append(1)\ndef f(x):\n    seen = []\n    seen.append(x)\n    self.a[x] = x"
    )
    assert not [*changed(ast.parse(lines))]
