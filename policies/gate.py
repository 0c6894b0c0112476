"""The one judge: what is found, less what the register accepts, is the verdict.

And the row of the register that a finding offers to whoever has a reason to accept it.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies import choices, register, register_checks
from policies.finding import PATHS, Finding, texts
from policies.register import ROWS, Waiver
from policies.templates.template import Place

PAGE = "docs/changes.md says how to go on"


def counted(told: Sequence[str]) -> str:
    """Return how many findings are told, as whoever reads them counts them."""
    return f"{len(told)} finding{'s' if len(told) != 1 else ''}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What is wrong, by rank, flaws of the register included; and each accepted finding."""

    findings: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Waiver], ...]

    @property
    def green(self) -> bool:
        return not self.findings

    @property
    def colour(self) -> str:
        return "green" if self.green else f"RED, {counted(texts(self.findings))}, {PAGE}"

    def text(self, *more: str) -> str:
        """Return the findings and ``more``, of which the last sums up the verdict."""
        return "\n\n".join([*texts(self.findings), *more])


def why(waiver: Waiver) -> dict[str, str | None]:
    """Return as JSON data why the findings of a waiver are accepted, by whom and until when."""
    return {
        "kind": waiver.kind,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "review_by": waiver.review_by.isoformat() if waiver.review_by else None,
    }


def judge(
    findings: Iterable[Finding],
    waivers: Sequence[Waiver],
    places: Sequence[Place],
    chosen: Sequence[choices.Values] = ({},),
    *,
    today: date,
    complete: bool = True,
    final: Sequence[Finding] = (),
) -> Verdict:
    """Return the verdict: red for a finding that is not accepted, or for a flaw of a waiver.

    ``waivers`` are about ``places``, of which the deployer has ``chosen`` names. Pass
    ``complete=False`` if the findings may lack some that a waiver is about: no waiver is called
    unused then. What is ``final`` no waiver can accept.
    """
    granted = register.grants(waivers, places, chosen)
    found = sorted({*findings, *final})
    accepted = dict.fromkeys((e, g.waiver) for e in found for g in granted if g.accepts(e))
    flaws = [*register_checks.unsound(waivers, today)]
    if complete:
        flaws += register_checks.unused(waivers, granted, found, places)
    left = ({*found} - {each for each, _ in accepted}) | {*final}
    wrong = sorted(left | {*flaws}, key=lambda each: (each.rank, each))
    return Verdict(findings=tuple(wrong), accepted=tuple(accepted))


def quoted(text: str) -> str:
    """Return ``text`` as a value of TOML, as easy to read as it allows."""
    if "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text)


def accepting(rule: str, path: str, others: Collection[str] = ()) -> str:
    """Return how to accept exactly this finding until somebody reviews it again.

    ``others`` are the files that accept the same rule of other constructs.
    """
    files = " or ".join(f"{ROWS}/{name}.toml" for name in sorted(others))
    reused = f"in {files}, if that reason holds here too, or " if others else ""
    return (
        f"or accept exactly this {reused}in a file of its own in {ROWS}, "
        f"with reason, owner and review_by:\n      [[accepted]]\n      {_row(rule, path)}"
    )


def accepting_once(rule: str, path: str) -> str:
    """Return how to accept exactly this change, in the commit that makes it."""
    return (
        "or accept exactly this change: make changes ACKNOWLEDGE=<name> writes the row to "
        f"{ROWS}/<name>.toml, and you give the reason and the owner:\n      {_row(rule, path)}"
    )


def _row(rule: str, path: str) -> str:
    return f"findings = [{quoted(rule)}]\n      {PATHS}{quoted(path)}]"
