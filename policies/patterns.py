"""Tables as TOML, and their patterns: alternatives, and words for parts that several have."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
