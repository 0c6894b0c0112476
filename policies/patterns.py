"""What is found by its place: modules, tables as TOML, and patterns in them, of words of theirs."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
DECLARED = Path(__file__).parent / "declared"
WORD = re.compile(r"\{([A-Z_]+)\}")


def beside(module: str) -> dict[str, Any]:
    """Return the table in the TOML file beside a module, which is named by its ``__file__``."""
    return tomllib.loads(Path(module).with_suffix(".toml").read_text())


def declared(name: str) -> dict[str, Any]:
    """Return a list of ``policies/declared``, of what is as it is for a reason."""
    return tomllib.loads((DECLARED / f"{name}.toml").read_text())


def joined(alternatives: Iterable[str], words: Mapping[str, str]) -> str:
    """Return one pattern for all of them, with each ``{WORD}`` replaced by what it stands for."""
    return WORD.sub(lambda found: words[found[1]], "|".join(alternatives))


def modules(package: str, folders: Iterable[str]) -> Mapping[str, ModuleType]:
    """Return the modules of a package by the names that findings have."""
    names = [module.name for module in iter_modules(folders)]
    return {name.replace("_", "-"): import_module(f"{package}.{name}") for name in names}
