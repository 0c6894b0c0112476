"""Tables beside the modules that read them, and their patterns: alternatives, words for parts."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

WORD = re.compile(r"\{([A-Z_]+)\}")


def beside(module: str) -> dict[str, Any]:
    """Return the table in the TOML file beside a module, which is named by its ``__file__``."""
    return tomllib.loads(Path(module).with_suffix(".toml").read_text())


def joined(alternatives: Iterable[str], words: Mapping[str, str]) -> str:
    """Return one pattern for all of them, with each ``{WORD}`` replaced by what it stands for."""
    return WORD.sub(lambda found: words[found[1]], "|".join(alternatives))
