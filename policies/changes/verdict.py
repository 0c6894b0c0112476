"""The verdict on the changes of an assembly against its base, without git or files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import naming
from policies.changes import acknowledged
from policies.changes.acknowledged import Acknowledgement
from policies.changes.hazard import Hazard
from policies.changes.kinds import hazards
from policies.changes.resource_change import Action, ResourceChange
from policies.changes.resource_spec import Replacement, Spec
from policies.changes.update import Update, updates
from policies.finding import Problem
from policies.template import StackTemplate

STANDBY_STAGE = naming.stage(naming.STANDBY)  # deployed second


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What an assembly is compared with: stacks, acknowledged rows, and a readable name.

    ``commit`` and ``folder`` are set if it is a commit. If it is what is ``deployed``, the regions
    may differ, so a row that no change needs is not an error.
    """

    name: str
    stacks: Sequence[StackTemplate]
    rows: Sequence[Acknowledgement] = ()
    commit: str = ""
    folder: Path | None = None
    deployed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """All changes, the acknowledged hazards, and the problems."""

    base: str
    changes: tuple[ResourceChange, ...]
    accepted: tuple[tuple[Hazard, Acknowledgement], ...]
    problems: tuple[Problem, ...]
    left_over: tuple[Acknowledgement, ...] = ()

    @property
    def green(self) -> bool:
        return not self.problems

    def text(self) -> str:
        """Return the problems, leftover rows, and a last line that sums up the verdict."""
        colour = "green" if self.green else f"RED, {len(self.problems)} problem(s)"
        counts = [f"{self._count(action)} {action}" for action in Action]
        replaced = sum(change.replacement != Replacement.NO for change in self.changes)
        summary = (
            f"changes: {colour}. Since {self.base}: {', '.join(counts)} ({replaced} replaced); "
            f"{len(self.accepted)} acknowledged"
        )
        then = f"once the change is deployed everywhere, {acknowledged.REMOVE}"
        rows = [f"leftover row  {row.kind} at {row.path}: {then}" for row in self.left_over]
        return "\n\n".join([*(str(problem) for problem in self.problems), *rows, summary])

    def as_data(self) -> Mapping[str, Any]:
        """Return the verdict as JSON data."""
        return {
            "verdict": "green" if self.green else "red",
            "base": self.base,
            "problems": [asdict(problem) for problem in self.problems],
            "acknowledged": [
                asdict(row) | {"region": hazard.region} for hazard, row in self.accepted
            ],
            "left_over": [asdict(row) for row in self.left_over],
            "changes": [change.as_data() for change in self.changes],
        }

    def _count(self, action: Action) -> int:
        return sum(change.action == action for change in self.changes)


def judge(
    base: Base, stacks: Sequence[StackTemplate], rows: Sequence[Acknowledgement], spec: Spec
) -> Verdict:
    """Return the verdict: red for a hazard without a row, or for a row that is unsound."""
    pairs = updates(base.stacks, stacks, spec)
    found = _hazards_of_deployment(pairs) if base.deployed else hazards(pairs)
    accepted = acknowledged.accepted(rows, base.rows, found)
    settled = [hazard for hazard, _ in accepted]
    problems = {hazard.problem() for hazard in found if hazard not in settled}
    unsound = acknowledged.unsound(rows, base.rows, found, may_be_unused=base.deployed)
    return Verdict(
        base=base.name,
        changes=tuple(change for pair in pairs for change in pair.changes),
        accepted=tuple(accepted),
        problems=tuple(sorted(problems | {*unsound})),
        left_over=tuple(acknowledged.left_over(rows, base.rows, found)),
    )


def _hazards_of_deployment(pairs: Sequence[Update]) -> list[Hazard]:
    """Return the hazards of a deployment; those between commits were reviewed before.

    A stack that is deployed for the first time has nothing to lose. And a standby that is behind,
    e.g. after a rejected approval, catches up with changes of the primary that were acknowledged
    then, by rows that may be deleted by now.
    """
    found = hazards(pair for pair in pairs if pair.before.template["Resources"])
    first = {_identity(hazard) for hazard in found if _stage(hazard) != STANDBY_STAGE}
    return [each for each in found if _stage(each) != STANDBY_STAGE or _identity(each) in first]


def _stage(hazard: Hazard) -> str:
    return hazard.danger.resource.stack.stage


def _identity(hazard: Hazard) -> tuple[str, str, str]:
    return hazard.kind, hazard.path, hazard.change
