"""What is wrong with a row of the register, whatever the app is."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from policies.finding import PROJECT
from policies.problem import Problem
from policies.register import Waiver

SHORTEST_REASON = 40
# As policies.packs has them; repeated, because loading the packs takes seconds.
PLUGINS = ("AwsSolutions", "Serverless", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321", PROJECT)
PLACEHOLDERS = r"\{(region|account|suffix|email)\}"


def flaws(waivers: Sequence[Waiver], today: date) -> Iterator[Problem]:
    for waiver in waivers:
        for verdict, message, remedy in _row(waiver, today):
            yield problem(waiver, verdict, message, remedy)


def problem(
    waiver: Waiver, verdict: str, message: str, remedy: str, *, region: str = "", path: str = ""
) -> Problem:
    return Problem(
        verdict=verdict,
        rule=waiver.finding,
        region=region,
        path=path or waiver.path,
        message=message,
        remedy=f"{remedy} (policies/waivers/{waiver.kind}.toml)",
    )


def plugin_of(finding: str) -> str:
    """The pack a finding's id begins with, or an empty string."""
    return next((plugin for plugin in PLUGINS if finding.startswith(f"{plugin}-")), "")


def _row(waiver: Waiver, today: date) -> Iterator[tuple[str, str, str]]:
    if waiver.review_by < today:
        message = f"to be looked at again by {waiver.review_by}, by {waiver.owner}"
        yield "expired waiver", message, "fix the finding, or decide again and set a new date"
    if len(waiver.reason) < SHORTEST_REASON or not waiver.owner:
        message = f"reason {waiver.reason!r}, owner {waiver.owner!r}"
        yield "unexplained waiver", message, f"say why here, in {SHORTEST_REASON} letters, and who"
    if not plugin_of(waiver.finding) or "{" in re.sub(PLACEHOLDERS, "", _outside(waiver.finding)):
        message = "no pack reports such an id, or it has an unknown placeholder"
        yield "misspelt waiver", message, "copy the id from the report"
    if "*" in waiver.path or "*" in waiver.finding.partition("[")[0]:
        yield "too broad waiver", "a wildcard accepts what nobody has seen", "write exact rows"


def _outside(finding: str) -> str:
    """The id without what a rule of ours quotes from the template."""
    return finding.partition("[")[0] if finding.startswith(PROJECT) else finding
