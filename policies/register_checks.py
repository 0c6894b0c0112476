"""Checks of the register itself, for unsound rows and for rows that accept nothing."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fnmatch import fnmatchcase

from policies import patterns
from policies.choices import OPTIONAL
from policies.finding import PROJECT, REGISTER, Finding, rule_id
from policies.register import CHANGES, OURS, ROWS, TOOLS, Grant, Waiver
from policies.templates import statements
from policies.templates.template import Place, Resource, StackTemplate, resources

PLACEHOLDERS = r"\{(region|account|standby|suffix|email|producer|folder)\}"
UNUSED = "unused-waiver"
# What a finding of the packs says of a policy.
PATTERN = re.compile(r".+\[(?:Action|Resource)::(.+)\]")
FLAWS = patterns.beside(__file__)
LIMITS: Mapping[str, int] = FLAWS["limits"]


def unsound(waivers: Sequence[Waiver], today: date) -> Iterator[Finding]:
    """Yield the problems of each file and each row by itself, independent of the app."""
    files = {(each.kind, each.reason, each.owner, each.review_by): each for each in waivers}
    for waiver in files.values():
        for found in (flaw(waiver, name) for name in _file(waiver, today)):
            yield replace(found, rule=rule_id(found.kind, waiver.kind), path=found.source)
    for waiver in waivers:
        yield from (flaw(waiver, name) for name in _row(waiver))


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
                yield flaw(waiver, "unchanged")
            continue
        left_out = any(name in waiver.path for name in OPTIONAL)
        if not own and not left_out and waiver.counts_in(places):
            yield flaw(waiver, "without_construct")
        for grant in own:
            doubled = times[grant.finding, grant.path] > 1
            yield from _grant(grant, by_path, used=grant in used, doubled=doubled)


def flaw(waiver: Waiver, name: str, grant: Grant | None = None, **words: object) -> Finding:
    """Return what the table says of a row of the register, at the place of a ``grant`` if given."""
    said = FLAWS[name]
    words |= {"waiver": waiver, "limits": LIMITS}
    return Finding(
        gate=REGISTER,
        rule=rule_id(said["kind"], waiver.finding),
        region=grant.place.region if grant else "",
        path=grant.path if grant else waiver.path,
        message=said["why"].format(**words),
        remedy=said["remedy"].format(**words),
        source=f"{ROWS}/{waiver.kind}.toml",
    )


def _file(waiver: Waiver, today: date) -> Iterator[str]:
    if waiver.review_by and waiver.review_by < today:
        yield "expired"
    if waiver.review_by and waiver.review_by > today + timedelta(days=LIMITS["days"]):
        yield "late"
    if len(waiver.reason.strip()) < LIMITS["characters"] or not waiver.owner.strip():
        yield "unexplained"


def _row(waiver: Waiver) -> Iterator[str]:
    # A rule, a change or a scan of ours quotes what is in brackets.
    quotes = waiver.gate in (PROJECT, CHANGES, OURS)
    named = waiver.finding.partition("[")[0] if quotes else waiver.finding
    if not waiver.gate or "{" in re.sub(PLACEHOLDERS, "", named):
        yield "unknown"
    if waiver.gate in TOOLS and (waiver.stages or waiver.accounts or "{" in waiver.path):
        yield "about_stacks"
    if not waiver.path or "*" in waiver.path or "*" in waiver.finding.partition("[")[0]:
        yield "wildcard"


def _grant(
    grant: Grant, by_path: Mapping[str, Resource], *, used: bool, doubled: bool
) -> Iterator[Finding]:
    below = sum(path.startswith(f"{grant.path}/") for path in by_path)
    if below:
        yield flaw(grant.waiver, "covering", grant, below=below)
    elif not used:
        what = "in the files" if grant.waiver.gate in TOOLS else f"in {grant.place.path}"
        wider = "; ".join(_covering(grant, by_path.get(grant.path)))
        ask = f"; has one of these become wider (make changes tells)? {wider}" if wider else ""
        name = "without_finding" if grant.path in by_path else "without_resource"
        yield flaw(grant.waiver, name, grant, what=what + ask)
    if doubled:
        yield flaw(grant.waiver, "doubled", grant)


def _covering(grant: Grant, policy: Resource | None) -> Iterator[str]:
    """Yield the statements of a policy that cover what the row accepted of it."""
    if policy and (accepted := PATTERN.fullmatch(grant.finding)):
        for each in statements.of(policy):
            parts = {*each.actions, *each.resources} - {"*"}
            if any(fnmatchcase(accepted[1], part) for part in parts):
                yield str(each)
