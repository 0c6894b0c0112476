import ast
from pathlib import Path

import pytest

from tests.architecture.sources import OUR_PLACES, PRODUCT, ROOT, modules, tree

FUNCTION_LINES = 40
MODULE_LINES = 200
# A name is a line or two there, and there are as many names as resources.
LISTS = ("naming.py",)


def functions(module: Path) -> dict[str, int]:
    """Lines of each function, signature included; by line, as names repeat within a module."""
    return {
        f"{module}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def lines(module: Path) -> int:
    return len((ROOT / module).read_text().splitlines())


@pytest.mark.parametrize("place", OUR_PLACES)
def test_a_function_fits_on_a_screen(place: str) -> None:
    lengths = {name: n for module in modules(place) for name, n in functions(module).items()}

    long = {name: n for name, n in lengths.items() if n > FUNCTION_LINES}

    assert long == {}, f"more than {FUNCTION_LINES} lines: move a part to a function of its own"


@pytest.mark.parametrize("place", PRODUCT)
def test_a_module_has_one_subject(place: str) -> None:
    lengths = {str(module): lines(module) for module in modules(place)}
    long = {name: n for name, n in lengths.items() if n > MODULE_LINES and name not in LISTS}

    assert long == {}, f"more than {MODULE_LINES} lines: move one of its subjects to a new module"
