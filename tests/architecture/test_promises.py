"""What a module offers to others has a docstring, so that its users need not read its body."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.sources import PRODUCT, imports, modules, tree

# Each is a sentence that is true or not; its row of ``local/emulator_gaps.py`` says what it means.
SENTENCES = Path("local/probes")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def dotted(module: Path) -> str:
    return ".".join(module.with_suffix("").parts).removesuffix(".__init__")


@cache
def used_elsewhere() -> Mapping[str, set[str]]:
    """Names of each module that another one of the product imports, or takes from it."""
    found: dict[str, set[str]] = defaultdict(set)
    for other in modules(*PRODUCT):
        taken: dict[str, set[str]] = defaultdict(set)
        for node in ast.walk(tree(other)):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                taken[node.value.id].add(node.attr)
        for name in imports(other):
            parts = name.split(".")
            for length in range(1, len(parts)):
                found[".".join(parts[:length])].add(".".join(parts[length:]))
            found[name] |= taken[parts[-1]]
    return found


def is_port(definition: Definition) -> bool:
    bases = getattr(definition, "bases", ())
    return any(ast.unparse(base).split("[")[0] == "Protocol" for base in bases)


def promised(module: Path) -> Iterator[tuple[str, Definition]]:
    """Every definition that others build on, and every operation of a port.

    A module's own docstring is the promise of its only public definition.
    """
    used = used_elsewhere()[dotted(module)]
    public = [
        node
        for node in tree(module).body
        if isinstance(node, Definition) and not node.name.startswith("_")
    ]
    if len(public) == 1 and ast.get_docstring(tree(module)):
        return
    for node in public:
        if node.name not in used:
            continue
        yield node.name, node
        if is_port(node):
            for each in ast.iter_child_nodes(node):
                if isinstance(each, ast.FunctionDef):
                    yield f"{node.name}.{each.name}", each


@pytest.mark.parametrize("place", PRODUCT)
def test_whatever_others_build_on_has_its_promise_as_a_docstring(place: str) -> None:
    silent = {
        f"{module}:{node.lineno} {name}"
        for module in modules(place)
        for name, node in promised(module)
        if not (ast.get_docstring(node) or module.is_relative_to(SENTENCES))
    }

    assert silent == set()
