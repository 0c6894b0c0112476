"""The survivors that no test can kill, or need kill, each with the reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mutation.sample import function_of, module_of

REGISTER = Path(__file__).parent / "survivors.toml"


@dataclass(frozen=True)
class Change:
    """What a mutant changes: the lines that go and those that come, without their indentation.

    Its number isn't in it, for that shifts with every other change of the function.
    """

    function: str
    was: str
    becomes: str

    @classmethod
    def of(cls, mutant: str, diff: str) -> "Change":
        """Read the change from mutmut's unified diff."""
        return cls(function_of(mutant), _lines(diff, "-"), _lines(diff, "+"))

    def stands_in_sources(self, root: Path) -> bool:
        """Tell whether its module below ``root`` still has the lines that go."""
        module = root.joinpath(*module_of(self.function).split("."))
        places = [module.with_suffix(".py"), module / "__init__.py"]
        sources = [place.read_text().splitlines() for place in places if place.exists()]
        return any(self.was in "\n".join(map(str.strip, source)) for source in sources)


def read(register: Path = REGISTER) -> Mapping[Change, str]:
    """Read the reason of each named survivor."""
    entries = tomllib.loads(register.read_text())["survivors"]
    return {
        Change(change["function"], change["was"], change["becomes"]): entry["reason"]
        for entry in entries
        for change in entry["changes"]
    }


def _lines(diff: str, sign: str) -> str:
    return "\n".join(
        line[1:].strip()
        for line in diff.splitlines()
        if line.startswith(sign) and not line.startswith(sign * 3)
    )
