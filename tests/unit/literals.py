"""The texts that code knows: what it could do to some of its input and not to all of it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Longer ones are prose.
MAX_CHARACTERS = 40


@cache
def literals(package: str) -> tuple[str, ...]:
    """Return the texts that are written in a package's modules, the empty one first.

    Code that treats a value by what it says has to know a text to compare it with, which no chosen
    example and hardly any random one contains.
    """
    found = {
        node.value.decode(errors="ignore") if isinstance(node.value, bytes) else node.value
        for module in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    }
    return tuple(sorted({"", *(each for each in found if len(each) <= MAX_CHARACTERS)}))
