"""The accepted faults, and checks of the list itself."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.scan.tools import Fault

FILE = Path(__file__).parent / "accepted.toml"
SHORTEST_REASON = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One accepted rule of one tool, in the files whose paths begin with ``at``."""

    tool: str
    rule: str
    at: str
    reason: str

    def accepts(self, fault: Fault) -> bool:
        """Return whether the row is about this fault."""
        same = (self.tool, self.rule) == (fault.tool, fault.rule)
        return same and fault.file.startswith(self.at)

    def fault(self, message: str) -> Fault:
        """Return a fault of the row itself."""
        file = f"policies/scan/{FILE.name}"
        return Fault(tool="accepted", rule=self.rule, file=file, line=0, message=message)


def load(file: Path = FILE) -> list[Row]:
    """Return the rows of ``file``."""
    return [Row(**row) for row in tomllib.loads(file.read_text())["accepted"]]


def remaining(faults: Sequence[Fault], rows: Sequence[Row]) -> list[Fault]:
    """Return the faults that no row accepts, and the faults of the rows themselves; sorted."""
    open_ = [fault for fault in faults if not any(row.accepts(fault) for row in rows)]
    unused = [
        row.fault(f"no {row.tool} fault {row.rule} in {row.at}: delete the row")
        for row in rows
        if not any(row.accepts(fault) for fault in faults)
    ]
    unexplained = [
        row.fault(f"give a reason of at least {SHORTEST_REASON} characters")
        for row in rows
        if len(row.reason) < SHORTEST_REASON
    ]
    return sorted([*open_, *unused, *unexplained])
