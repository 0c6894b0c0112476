"""The one judge: what is found, less what the register accepts, is the verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from policies import register_checks
from policies.finding import Finding, texts
from policies.register import Grant, Waiver
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
    granted: Sequence[Grant],
    places: Sequence[Place],
    *,
    today: date,
    complete: bool = True,
    final: Sequence[Finding] = (),
) -> Verdict:
    """Return the verdict: red for a finding that is not accepted, or for a flaw of a waiver.

    ``granted`` is what ``waivers`` accept at ``places``. Pass ``complete=False`` if the findings
    may lack some that a waiver is about: no waiver is called unused then. What is ``final`` no
    waiver can accept.
    """
    found = sorted({*findings, *final})
    accepted = dict.fromkeys((e, g.waiver) for e in found for g in granted if g.accepts(e))
    flaws = [*register_checks.unsound(waivers, today)]
    if complete:
        flaws += register_checks.unused(waivers, granted, found, places)
    left = ({*found} - {each for each, _ in accepted}) | {*final}
    wrong = sorted(left | {*flaws}, key=lambda each: (each.rank, each))
    return Verdict(findings=tuple(wrong), accepted=tuple(accepted))
