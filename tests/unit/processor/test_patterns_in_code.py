"""No text can make a pattern try for long that a function's code writes, as none can a contract's.

A pattern is judged as the contracts' are. What is only ever matched at one place isn't tried from
each character on, so its beginning counts as fixed.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest

from datasets.compatibility import patterns

ROOT = Path(__file__).resolve().parents[3]
SOURCES = sorted(
    each for of in ("aws_client/**/*.py", "*/runtime/**/*.py") for each in ROOT.glob(f"services/{of}")
)
SEARCHING = {"search", "sub", "subn", "split", "findall", "finditer"}
AT_ONE_PLACE = {"match", "fullmatch"}
# Names that only exist while their function runs, with a value of the kind that they have.
LOCALS = {
    "parsing/csv_scanner.py": {"end": b";", "field": None, "rest": None},
    "parsing/csv_fields.py": {"end": ";"},
}
# What the judge does not see through, by the pattern's checksum: another pattern is another case.
SEEN_THROUGH: dict[int, str] = {}


class Found(NamedTuple):
    where: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    is_searched: bool

    @property
    def key(self) -> int:
        text = self.pattern.pattern
        return crc32(text if isinstance(text, bytes) else text.encode())


def judged(found: Found) -> str:
    """Return why a pattern is not linear; empty if it is."""
    text = found.pattern.pattern
    text = f"(?a:{text.decode('latin-1')})" if isinstance(text, bytes) else text
    flags = "".join(
        letter for letter in "ims" if found.pattern.flags & getattr(re, letter.upper())
    )
    text = f"(?{flags}:{text})" if flags else text
    return patterns.problem(text if found.is_searched else rf"\A(?:{text})")
