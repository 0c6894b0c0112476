"""The faults that stay, as data, and what becomes of rows that nothing needs."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.scan.fault import Fault

FILE = Path(__file__).parent / "accepted.toml"
SHORTEST_REASON = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    tool: str
    rule: str
    at: str
    reason: str

    def accepts(self, fault: Fault) -> bool:
        same = (self.tool, self.rule) == (fault.tool, fault.rule)
        return same and fault.file.startswith(self.at)

    def fault(self, message: str) -> Fault:
        file = f"policies/scan/{FILE.name}"
        return Fault(tool="accepted", rule=self.rule, file=file, line=0, message=message)


def load(file: Path = FILE) -> list[Row]:
    return [Row(**row) for row in tomllib.loads(file.read_text())["accepted"]]


def remaining(faults: Sequence[Fault], rows: Sequence[Row]) -> list[Fault]:
    """What nobody has accepted, with what is wrong with the rows."""
    open_ = [fault for fault in faults if not any(row.accepts(fault) for row in rows)]
    unused = [
        row.fault(f"no {row.tool} fault {row.rule} in {row.at}: delete the row")
        for row in rows
        if not any(row.accepts(fault) for fault in faults)
    ]
    thin = [
        row.fault(f"say why, in {SHORTEST_REASON} letters")
        for row in rows
        if len(row.reason) < SHORTEST_REASON
    ]
    return sorted([*open_, *unused, *thin])
