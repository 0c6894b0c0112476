"""What makes a gate lie, as ``looks.toml`` has it: what to look for, in which files and values."""

from collections.abc import Mapping
from dataclasses import dataclass

from policies import patterns
from policies.templates.template import as_list


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is wrong if ``said`` is in a value at ``where``, or in a line, of one of ``files``."""

    name: str
    why: str
    files: str
    said: str = ""
    where: str | None = None


_TABLE = patterns.beside(__file__)
# A word may be written by those before it.
WORDS: dict[str, str] = {}
for _name, _said in _TABLE["words"].items():
    WORDS[_name] = patterns.joined(as_list(_said), WORDS)


def _look(row: Mapping[str, object]) -> Look:
    return Look(**{key: patterns.joined(as_list(value), WORDS) for key, value in row.items()})


LOOKS = tuple(map(_look, _TABLE["row"]))
COMMANDS = next(look.files for look in LOOKS if look.name == "sends-away")
