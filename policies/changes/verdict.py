"""Judges an assembly against its base; knows nothing of git or of files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from policies.changes import acknowledged
from policies.changes.acknowledged import Acknowledgement
from policies.changes.hazard import Hazard
from policies.changes.kinds import hazards
from policies.changes.resource_change import Action, ResourceChange
from policies.changes.spec import Replacement, Spec
from policies.changes.update import Update, updates
from policies.problem import Problem
from policies.template import StackTemplate

STANDBY = "standby"  # the stage that follows the other


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What is compared with: its stacks, its rows, and how a person calls it.

    ``commit`` and ``folder`` are known of a commit. Of what is ``deployed``, each region may have
    another state, so a row that nothing needs is no mistake there.
    """

    name: str
    stacks: Sequence[StackTemplate]
    rows: Sequence[Acknowledgement] = ()
    commit: str = ""
    folder: Path | None = None
    deployed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    base: str
    changes: tuple[ResourceChange, ...]
    accepted: tuple[tuple[Hazard, Acknowledgement], ...]
    problems: tuple[Problem, ...]
    left_over: tuple[Acknowledgement, ...] = ()

    @property
    def green(self) -> bool:
        return not self.problems

    def text(self) -> str:
        colour = "green" if self.green else f"RED, {len(self.problems)} problem(s)"
        counts = [f"{self._count(action)} {action}" for action in Action]
        replaced = sum(change.replacement != Replacement.NO for change in self.changes)
        summary = (
            f"changes: {colour}. Since {self.base}: {', '.join(counts)} ({replaced} replaced); "
            f"{len(self.accepted)} acknowledged"
        )
        then = f"once it is deployed everywhere, {acknowledged.REMOVE}"
        rows = [f"left over  {row.kind} at {row.path}: {then}" for row in self.left_over]
        return "\n\n".join([*(str(problem) for problem in self.problems), *rows, summary])

    def as_data(self) -> Mapping[str, Any]:
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
    pairs = updates(base.stacks, stacks, spec)
    found = _of_deployment(pairs) if base.deployed else hazards(pairs)
    accepted = acknowledged.accepted(rows, base.rows, found)
    settled = [hazard for hazard, _ in accepted]
    problems = {hazard.problem() for hazard in found if hazard not in settled}
    flaws = acknowledged.flaws(rows, base.rows, found, may_be_unused=base.deployed)
    return Verdict(
        base=base.name,
        changes=tuple(change for pair in pairs for change in pair.changes),
        accepted=tuple(accepted),
        problems=tuple(sorted(problems | {*flaws})),
        left_over=tuple(acknowledged.left_over(rows, base.rows, found)),
    )


def _of_deployment(pairs: Sequence[Update]) -> list[Hazard]:
    """What is judged before a deployment; the review has judged the commits themselves.

    A stack that is deployed for the first time has nothing to lose yet. And a standby that is
    behind, as after a rejected approval, catches up with what the primary went through: that was
    acknowledged then, by a row that is gone by now.
    """
    found = hazards(pair for pair in pairs if pair.before.template["Resources"])
    first = {_identity(hazard) for hazard in found if _stage(hazard) != STANDBY}
    return [each for each in found if _stage(each) != STANDBY or _identity(each) in first]


def _stage(hazard: Hazard) -> str:
    return hazard.danger.resource.stack.stage


def _identity(hazard: Hazard) -> tuple[str, str, str]:
    return hazard.kind, hazard.path, hazard.change
