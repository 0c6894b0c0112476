"""The changes of an assembly against its base and the verdict on them, without git or files."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import naming
from datasets.compatibility.comparison import DataComparison
from datasets.compatibility.text import text as data_text
from policies import app, register, register_checks
from policies.changes import constructs, contract_findings, kinds, tables
from policies.changes.differences import Files
from policies.changes.documents import Pair, decisions
from policies.changes.resource_spec import Replacement, Spec
from policies.changes.unclassified import UNCLASSIFIED
from policies.changes.update import Action, Update, update, updates
from policies.finding import Finding, texts
from policies.gate import Verdict, judge
from policies.register import CHANGES, ROWS, Grant, Waiver
from policies.templates.template import Place, StackTemplate

STANDBY_STAGE = naming.stage(naming.STANDBY)  # deployed second
# What is accepted until it is deployed does not expire.
NO_DAY = date.min
NO_DATA = DataComparison()
# Contracts are the same in every region: they belong to no stack.
CONTRACTS = Place(path="contracts", stage_path="", region="", account="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """What an assembly is compared with: stacks, accepted changes, and a readable name.

    ``commit``, ``folder`` and ``files``, those that differ in the working tree, are set if it is a
    commit; ``documents`` are then what is compared beside the stacks, each before and after, and
    ``under_other_settings`` is all that the app makes under those, before and after. If it is what
    is ``deployed``, the regions may differ, so a row that no change needs is not an error.
    """

    name: str
    stacks: Sequence[StackTemplate]
    waivers: Sequence[Waiver] = ()
    commit: str = ""
    folder: Path | None = None
    files: Files = None
    documents: Sequence[Pair] = ()
    under_other_settings: tuple[Sequence[StackTemplate], Sequence[StackTemplate]] = ((), ())
    deployed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """All changes since ``base``, the verdict, and rows whose change the base contains already.

    Those are not an error: the base may not be deployed yet, and its deployment needs them.
    """

    base: str
    updates: tuple[Update, ...]
    data: DataComparison
    verdict: Verdict
    places: tuple[Place, ...]
    left_over: tuple[Waiver, ...] = ()

    def text(self) -> str:
        """Return findings, leftover rows, changes in the data, and a line that sums it up."""
        changes = [change for each in self.updates for change in each.changes]
        counts = Counter(change.action for change in changes)
        told = ", ".join(f"{counts[action]} {action}" for action in Action)
        replaced = sum(change.replacement != Replacement.NO for change in changes)
        accepted = len(texts(each for each, _ in self.verdict.accepted))
        summary = (
            f"changes: {self.verdict.colour}. Since {self.base}, of resources {told} "
            f"({replaced} replaced); {accepted} accepted"
        )
        left = Counter(f"{ROWS}/{row.kind}.toml" for row in self.left_over)
        named = ", ".join(f"{file} ({rows})" for file, rows in left.items())
        delete = [f"rows for what the base has; delete them once it is deployed: {named}"]
        return self.verdict.text(*(delete if left else ()), data_text(self.data), summary)


def compare(
    base: Base,
    stacks: Sequence[StackTemplate],
    waivers: Sequence[Waiver],
    spec: Spec,
    data: DataComparison = NO_DATA,
) -> Comparison:
    """Return what changes; red for a finding without a row, or for an unsound row.

    A row that the base has as well accepted a change then, and accepts none now.
    """
    beside = [update(*each, spec) for each in (*base.documents, decisions(base.waivers, waivers))]
    of_stacks = updates(base.stacks, stacks, spec)
    pairs = [*of_stacks, *beside]
    found, final = _found(base, of_stacks, beside, data, spec)
    own = [waiver for waiver in waivers if waiver.gate == CHANGES]
    used_before = {_identity(waiver) for waiver in base.waivers}
    spent = [waiver for waiver in own if _identity(waiver) in used_before]
    current = [waiver for waiver in own if waiver not in spent]
    # Those of stacks on one side only as well, and of contracts.
    sides = [each for pair in pairs for each in (pair.before, pair.after)]
    places = [CONTRACTS, *{(each.path, each.stage_path): each for each in sides}.values()]
    again = [g for g in register.grants(spent, places) if any(map(g.accepts, found))]
    verdict = judge(
        found,
        current,
        places,
        today=NO_DAY,
        complete=not base.deployed and not data.not_compared,
        final=[*_flaws(again, own), *register_checks.unsound(spent, NO_DAY), *final],
    )
    return Comparison(
        base=base.name,
        updates=tuple(pairs),
        data=data,
        verdict=verdict,
        places=tuple(places),
        left_over=tuple(each for each in spent if each not in [grant.waiver for grant in again]),
    )


def _found(
    base: Base, pairs: Sequence[Update], beside: Sequence[Update], data: DataComparison, spec: Spec
) -> tuple[list[Finding], list[Finding]]:
    """Return the findings that a row may accept, and those that none can."""
    of_data = contract_findings.findings(data)
    final = [each for each in of_data if each.kind in contract_findings.FINAL]
    compared = beside if base.deployed else [*pairs, *beside]
    found = [each for each in of_data if each not in final]
    found += (each for pair in compared for each in kinds.findings(pair, base.files))
    there = updates(*base.under_other_settings, spec)
    of_there = (each for pair in there for each in kinds.findings(pair, base.files))
    found += app.only_there(of_there, found)
    found = [*constructs.unseen(found, beside, [*pairs, *there])]
    return [*found, *(_of_deployment(pairs) if base.deployed else ())], final


def _of_deployment(pairs: Sequence[Update]) -> list[Finding]:
    """Return the findings of a deployment; those between commits were reviewed before.

    A stack that is deployed for the first time has nothing to lose. And a standby that is behind,
    e.g. after a rejected approval, catches up with changes of the primary that were accepted
    then, by rows that may be deleted by now.
    """
    found = [
        (pair.after.stage, (each.rule, pair.after.below_stage(each.path)), each)
        for pair in pairs
        if pair.before.template["Resources"]
        for each in kinds.findings(pair)
    ]
    first = {change for stage, change, _ in found if stage != STANDBY_STAGE}
    return [each for stage, change, each in found if stage != STANDBY_STAGE or change in first]


def _identity(waiver: Waiver) -> tuple[str, str, str]:
    """Return what makes a row another one: only a new reason accepts the same change again."""
    return waiver.finding, waiver.path, waiver.reason


def _flaws(again: Sequence[Grant], waivers: Sequence[Waiver]) -> Iterator[Finding]:
    """Yield rows that would accept a change ``again``, and those of no known kind of change."""
    yield from (register_checks.flaw(grant.waiver, "spent") for grant in again)
    values = (each.name for each in (UNCLASSIFIED, *tables.HAZARDS))
    known = {*kinds.KINDS, *values, *contract_findings.RULES}
    for waiver in (each for each in waivers if each.finding.partition("[")[0] not in known):
        yield register_checks.flaw(waiver, "unknown_change")
