"""The rows of ``acknowledged.toml``: each is for one change, until that change is deployed."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policies.changes.hazard import ROWS, Hazard
from policies.finding import Problem

FILE = Path(__file__).parent / "acknowledged.toml"
SHORTEST_REASON = 40
REMOVE = f"delete the row ({ROWS})"
RENEW = f"give the row a new reason, for this change ({ROWS})"


class RowsError(Exception):
    """The file is malformed; the message says what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acknowledgement:
    """Why one change may be deployed, and who decided; in all regions unless some are named."""

    kind: str
    path: str
    change: str
    reason: str
    by: str
    regions: tuple[str, ...] = ()

    def accepts(self, hazard: Hazard) -> bool:
        """Return whether the row is about exactly this change."""
        same = (self.kind, self.path, self.change) == (hazard.kind, hazard.path, hazard.change)
        return same and (not self.regions or hazard.region in self.regions)


def parse(text: str) -> list[Acknowledgement]:
    """Return the rows in ``text``; raise ``RowsError`` if they are malformed."""
    try:
        rows = tomllib.loads(text).get("acknowledged", [])
        return [
            Acknowledgement(**{**row, "regions": tuple(row.get("regions", ()))}) for row in rows
        ]
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise RowsError(
            f"{ROWS}: {error}; a row has kind, path, change, reason, by and, optionally, regions"
        ) from error


def unsound(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
    *,
    may_be_unused: bool = False,
) -> Iterator[Problem]:
    """Yield the problems of the rows: unexplained, without an owner, used up, or stale."""
    for row in rows:
        if len(row.reason.strip()) < SHORTEST_REASON:
            yield _problem(
                row,
                "reason too short",
                f"it has less than {SHORTEST_REASON} characters",
                "explain why the change is right",
            )
        if not row.by.strip():
            yield _problem(row, "row has no owner", "its 'by' is empty", "say who decided")
        if row in of_base:
            if _used(row, hazards):
                yield _problem(row, "row already used", "it was for a change in the base", RENEW)
        elif not may_be_unused and not _used(row, hazards):
            yield _problem(row, "stale row", "there is no such change since the base", REMOVE)


def left_over(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
) -> list[Acknowledgement]:
    """Return the rows for changes that the base already contains.

    They are not an error: the base may not be deployed yet, and its deployment needs them.
    """
    return [row for row in rows if row in of_base and not _used(row, hazards)]


def accepted(
    rows: Sequence[Acknowledgement],
    of_base: Sequence[Acknowledgement],
    hazards: Sequence[Hazard],
) -> list[tuple[Hazard, Acknowledgement]]:
    """Return each acknowledged hazard with its row; a row of the base acknowledges nothing."""
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
