"""What makes a gate lie, as ``looks.toml`` has it: what to look for, in which files and values."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from policies import commands, patterns
from policies.templates.template import as_list

TABLE = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is wrong if ``said`` is in a value at ``where``, or in a line, of one of ``files``."""

    name: str
    why: str
    files: str
    said: str = ""
    where: str | None = None


def _read() -> Iterator[Look]:
    table = tomllib.loads(TABLE.read_text())
    words = {**vars(commands), **table["words"]}
    for row in table["row"]:
        yield Look(**{key: patterns.joined(as_list(value), words) for key, value in row.items()})


LOOKS = tuple(_read())
COMMANDS = next(look.files for look in LOOKS if look.name == "sends-away")
