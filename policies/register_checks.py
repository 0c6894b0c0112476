"""Checks of the register itself, for unsound rows and for rows that accept nothing."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from policies.finding import PROJECT, Problem
from policies.register import Grant, Waiver
from policies.template import StackTemplate

SHORTEST_REASON = 40
# The same names as in policies.packs, repeated here because importing the packs takes seconds.
PLUGINS = ("AwsSolutions", "Serverless", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321", PROJECT)
PLACEHOLDERS = r"\{(region|account|suffix|email)\}"
CORRECT = "delete the row, or correct its path, id or stages"


def unsound(waivers: Sequence[Waiver], today: date) -> Iterator[Problem]:
    """Yield the problems of each row by itself, independent of the app."""
    for waiver in waivers:
        for verdict, message, remedy in _row(waiver, today):
            yield _problem(waiver, verdict, message, remedy)


def unused(
    waivers: Sequence[Waiver],
    granted: Sequence[Grant],
    seen: set[tuple[str, str]],
    stacks: Sequence[StackTemplate],
) -> Iterator[Problem]:
    """Yield rows that accept nothing, too much, or what another row accepts already.

    ``seen`` holds the id and the path of every finding, accepted ones included.
    """
    used = {id(grant.waiver) for grant in granted}
    for waiver in waivers:
        expected = waiver.counts_in(stacks) and not waiver.needs_email
        if expected and id(waiver) not in used:
            yield _problem(waiver, "unused waiver", "no stack has such a construct", CORRECT)
    resources = [resource.path for stack in stacks for resource in stack.resources()]
    rows = Counter((grant.finding, grant.path) for grant in granted)
    for grant in granted:
        for verdict, message in _grant(grant, seen, resources, rows):
            region, path = grant.place.region, grant.path
            yield _problem(grant.waiver, verdict, message, CORRECT, region=region, path=path)


def plugin_of(finding: str) -> str:
    """Return the pack whose name the finding's id begins with, or an empty string."""
    return next((plugin for plugin in PLUGINS if finding.startswith(f"{plugin}-")), "")


def _row(waiver: Waiver, today: date) -> Iterator[tuple[str, str, str]]:
    if waiver.review_by < today:
        message = f"{waiver.owner} had to review it by {waiver.review_by}"
        yield "expired waiver", message, "fix the finding, or review it again and set a new date"
    if len(waiver.reason) < SHORTEST_REASON or not waiver.owner:
        message = f"reason {waiver.reason!r}, owner {waiver.owner!r}"
        remedy = f"give a reason of at least {SHORTEST_REASON} characters, and an owner"
        yield "unexplained waiver", message, remedy
    if not plugin_of(waiver.finding) or "{" in re.sub(PLACEHOLDERS, "", _unquoted(waiver.finding)):
        message = "no pack reports this id, or it has an unknown placeholder"
        yield "misspelt waiver", message, "copy the id from the report"
    if "*" in waiver.path or "*" in waiver.finding.partition("[")[0]:
        message = "a wildcard accepts findings that no one has reviewed"
        yield "too broad waiver", message, "write exact rows"


def _unquoted(finding: str) -> str:
    """Return the id without the part that a project rule quotes from the template."""
    return finding.partition("[")[0] if finding.startswith(PROJECT) else finding


def _grant(
    grant: Grant,
    seen: set[tuple[str, str]],
    resources: Sequence[str],
    rows: Counter[tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    below = sum(path.startswith(f"{grant.path}/") for path in resources)
    if below:
        yield "too broad waiver", f"it covers the {below} resources below it; name one resource"
    elif (grant.finding, grant.path) not in seen:
        yield "unused waiver", f"nothing to accept in {grant.place.path}"
    if rows[grant.finding, grant.path] > 1:
        yield "duplicated waiver", "another row accepts the same finding"


def _problem(
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
