"""Files, and what must become of each of their rows: stated here, not computed by the code."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from naming import PRIMARY

Data = dict[str, Any]


class Bad(NamedTuple):
    """A row as it is in the file, and why it is rejected."""

    raw: bytes
    code: str
    field: str | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """``accepted`` and ``rejected`` are by row; ``failure`` is of the file."""

    name: str
    key: str
    content: bytes
    region: str = PRIMARY
    accepted: Mapping[int, Data] = field(default_factory=dict)
    rejected: Mapping[int, Bad] = field(default_factory=dict)
    failure: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return len(self.accepted) + len(self.rejected)

    @property
    def status(self) -> str:
        return "FAILED" if self.failure else "COMPLETED"


class Good(NamedTuple):
    raw: bytes
    data: Data


def rows(*given: Good | Bad) -> dict[str, Any]:
    """Return what becomes of rows, for a case."""
    numbered = list(enumerate(given, 1))
    return {
        "accepted": {n: row.data for n, row in numbered if isinstance(row, Good)},
        "rejected": {n: row for n, row in numbered if isinstance(row, Bad)},
    }


def lines(given: Sequence[Good | Bad]) -> bytes:
    return b"".join(row.raw + b"\n" for row in given)


def array(given: Sequence[Good | Bad]) -> bytes:
    return b"[" + b",\n ".join(row.raw for row in given) + b"]"


def good(number: int) -> Good:
    data = {"number": number, "text": f"row {number}"}
    return Good(json.dumps(data).encode(), data)


def good_record(number: int) -> Good:
    """Return the same row as CSV without a contract, whose values stay text."""
    return Good(f"{number},row {number}".encode(), {"number": str(number), "text": f"row {number}"})


def among_good(bad: Sequence[Bad], make: Callable[[int], Good] = good) -> list[Good | Bad]:
    """Return the bad rows with a good one before and after each."""
    pairs = [(make(number), row) for number, row in enumerate(bad, 1)]
    return [*(row for pair in pairs for row in pair), make(len(bad) + 1)]
