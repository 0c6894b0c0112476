"""Checks of the register itself, for unsound rows and for rows that accept nothing."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from functools import partial
from itertools import starmap

from policies.choices import is_optional
from policies.finding import PROJECT, REGISTER, Finding, rule_id
from policies.register import CHANGES, OURS, ROWS, TOOLS, Grant, Waiver
from policies.templates import statements
from policies.templates.template import Place, Resource, StackTemplate, resources

SHORTEST_REASON = 40
LONGEST_DAYS = 400
PLACEHOLDERS = r"\{(region|account|standby|suffix|email|producer|folder)\}"
UNUSED = "unused-waiver"
# What a finding of the packs says of a policy.
PATTERN = re.compile(r".+\[(?:Action|Resource)::(.+)\]")
CORRECT = "delete the row, or correct its path, id or stages"
MOVED = (
    "if the construct has another id or place now, run `make changes` first: it says whether what "
    f"it holds is lost, or its deployment fails; then {CORRECT}"
)


def unsound(waivers: Sequence[Waiver], today: date) -> Iterator[Finding]:
    """Yield the problems of each file and each row by itself, independent of the app."""
    files = {(each.kind, each.reason, each.owner, each.review_by): each for each in waivers}
    for waiver in files.values():
        for found in starmap(partial(flaw, waiver), _file(waiver, today)):
            yield replace(found, rule=rule_id(found.kind, waiver.kind), path=found.source)
    for waiver in waivers:
        yield from starmap(partial(flaw, waiver), _row(waiver))


def unused(
    waivers: Sequence[Waiver],
    granted: Sequence[Grant],
    findings: Sequence[Finding],
    places: Sequence[Place],
) -> Iterator[Finding]:
    """Yield rows that accept nothing, too much, or what another row accepts already.

    ``findings`` are all findings, accepted ones included.
    """
    times = Counter((grant.finding, grant.path) for grant in granted)
    stacks = [place for place in places if isinstance(place, StackTemplate)]
    by_path = {each.path: each for each in resources(stacks)}
    for waiver in waivers:
        own = [grant for grant in granted if grant.waiver is waiver]
        used = [grant for grant in own if any(map(grant.accepts, findings))]
        if waiver.gate == CHANGES:
            # Only one region may have the change yet, unless the row names both.
            stages = {grant.place.stage for grant in used}
            if not stages or not {*waiver.stages} <= stages:
                message = "there is no such change since the base"
                yield flaw(waiver, UNUSED, message, f"delete the row ({ROWS})")
            continue
        if not own and waiver.counts_in(places) and not is_optional(waiver.path):
            yield flaw(waiver, UNUSED, "no stack has such a construct", MOVED)
        for grant in own:
            doubled = times[grant.finding, grant.path] > 1
            for kind, message in _grant(grant, by_path, used=grant in used, doubled=doubled):
                remedy = CORRECT if kind != UNUSED or grant.path in by_path else MOVED
                yield flaw(waiver, kind, message, remedy, grant)


def flaw(
    waiver: Waiver, kind: str, message: str, remedy: str, grant: Grant | None = None
) -> Finding:
    """Return a finding about a row of the register, at the place where it applies if given."""
    return Finding(
        gate=REGISTER,
        rule=rule_id(kind, waiver.finding),
        region=grant.place.region if grant else "",
        path=grant.path if grant else waiver.path,
        message=message,
        remedy=remedy,
        source=f"{ROWS}/{waiver.kind}.toml",
    )


def _file(waiver: Waiver, today: date) -> Iterator[tuple[str, str, str]]:
    if waiver.review_by and waiver.review_by < today:
        message = f"{waiver.owner} had to review it by {waiver.review_by}"
        yield "expired-waiver", message, "fix the finding, or review it again and set a new date"
    if waiver.review_by and waiver.review_by > today + timedelta(days=LONGEST_DAYS):
        message = f"nobody has to look at it again before {waiver.review_by}"
        yield "too-long-waiver", message, f"let its owner review it within {LONGEST_DAYS} days"
    if len(waiver.reason.strip()) < SHORTEST_REASON or not waiver.owner.strip():
        said = f'the reason is "{waiver.reason}" and the owner "{waiver.owner}"'
        message = (
            f"{said}: a reviewer can't judge it, and later nobody knows whether it still holds"
        )
        remedy = (
            f"say why it is right, in {SHORTEST_REASON} characters or more, and who answers for it"
        )
        yield "unexplained-waiver", message, remedy


def _row(waiver: Waiver) -> Iterator[tuple[str, str, str]]:
    # A rule, a change or a scan of ours quotes what is in brackets.
    quotes = waiver.gate in (PROJECT, CHANGES, OURS)
    named = waiver.finding.partition("[")[0] if quotes else waiver.finding
    if not waiver.gate or "{" in re.sub(PLACEHOLDERS, "", named):
        message = "no pack reports this id, or it has an unknown placeholder"
        yield "misspelt-waiver", message, "copy the id from the report"
    if waiver.gate in TOOLS and (waiver.stages or waiver.accounts or "{" in waiver.path):
        message = "a scan knows no stages, accounts or placeholders"
        yield "misspelt-waiver", message, "name the beginning of a file's path"
    if not waiver.path or "*" in waiver.path or "*" in waiver.finding.partition("[")[0]:
        message = "a wildcard accepts findings that no one has reviewed"
        yield "too-broad-waiver", message, "write exact rows"


def _grant(
    grant: Grant, by_path: Mapping[str, Resource], *, used: bool, doubled: bool
) -> Iterator[tuple[str, str]]:
    below = sum(path.startswith(f"{grant.path}/") for path in by_path)
    if below:
        yield "too-broad-waiver", f"it covers the {below} resources below it; name one resource"
    elif not used:
        what = "in the files" if grant.waiver.gate in TOOLS else f"in {grant.place.path}"
        wider = "; ".join(_covering(grant, by_path.get(grant.path)))
        ask = f"; has one of these become wider (make changes tells)? {wider}" if wider else ""
        yield UNUSED, f"nothing to accept {what}{ask}"
    if doubled:
        yield "duplicated-waiver", "another row accepts the same finding"


def _covering(grant: Grant, policy: Resource | None) -> Iterator[str]:
    """Yield the statements of a policy that cover what the row accepted of it."""
    if policy and (accepted := PATTERN.fullmatch(grant.finding)):
        for each in statements.of(policy):
            parts = {*each.actions, *each.resources} - {"*"}
            if any(fnmatchcase(accepted[1], part) for part in parts):
                yield str(each)
