"""The rows of ``acknowledged.toml``: each is for one change, and goes once that is deployed."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.changes.hazard import ROWS, Hazard
from policies.problem import Problem

FILE = Path(__file__).parent / "acknowledged.toml"
SHORTEST_REASON = 40
REMOVE = f"remove the row ({ROWS})"
RENEW = f"give the row a reason of its own for this change ({ROWS})"


class RowsError(Exception):
    """The file can't be read as rows; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """``by`` says for what ``reason`` a change may be deployed: in all regions, unless it names."""

    kind: str
    path: str
    change: str
    reason: str
    by: str
    regions: tuple[str, ...] = ()

    def accepts(self, hazard: Hazard) -> bool:
        same = (self.kind, self.path, self.change) == (hazard.kind, hazard.path, hazard.change)
        return same and (not self.regions or hazard.region in self.regions)


def parse(text: str) -> list[Acknowledgement]:
    """The rows of ``text``; raise ``RowsError`` for anything else."""
    try:
        rows = tomllib.loads(text).get("acknowledged", [])
        return [
            Acknowledgement(**{**row, "regions": tuple(row.get("regions", ()))}) for row in rows
        ]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise RowsError(
            f"{ROWS}: {error}; a row has kind, path, change, reason, by and, if need be, regions"
        ) from error


def flaws(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
    *,
    may_be_unused: bool = False,
) -> Iterator[Problem]:
    for row in rows:
        if len(row.reason.strip()) < SHORTEST_REASON:
            yield _problem(row, "thin reason", f"{SHORTEST_REASON} characters at least", "say why")
        if not row.by.strip():
            yield _problem(row, "nobody's row", "nobody stands for it", "say who has decided")
        if row in of_base:
            if _used(row, hazards):
                yield _problem(row, "spent row", "it was for an earlier change, in the base", RENEW)
        elif not may_be_unused and not _used(row, hazards):
            yield _problem(row, "stale row", "no such change since the base", REMOVE)


def left_over(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
) -> list[Acknowledgement]:
    """Rows for a change that is in the base already.

    They are no mistake: what the base has may not be deployed yet, and a deployment needs them.
    """
    return [row for row in rows if row in of_base and not _used(row, hazards)]


def accepted(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
) -> list[tuple[Hazard, Acknowledgement]]:
    current = [row for row in rows if row not in of_base]
    return [(hazard, row) for hazard in hazards for row in current if row.accepts(hazard)]


def _used(row: Acknowledgement, hazards: Sequence[Hazard]) -> bool:
    regions = {hazard.region for hazard in hazards if row.accepts(hazard)}
    return bool(regions) and {*row.regions} <= regions


def _problem(row: Acknowledgement, verdict: str, message: str, remedy: str) -> Problem:
    return Problem(
        verdict=verdict,
        rule=row.change,
        region=",".join(row.regions),
        path=row.path,
        message=message,
        remedy=remedy,
        source=ROWS,
    )
