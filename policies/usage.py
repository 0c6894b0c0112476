"""What is wrong with a row of the register, given what there is to accept."""

from collections import Counter
from collections.abc import Iterator, Sequence

from policies.flaws import problem
from policies.problem import Problem
from policies.register import Grant, Waiver
from policies.template import StackTemplate

CORRECT = "delete the row, or correct its path, its id or its stages"


def against(
    waivers: Sequence[Waiver],
    granted: Sequence[Grant],
    seen: set[tuple[str, str]],
    stacks: Sequence[StackTemplate],
) -> Iterator[Problem]:
    """``seen`` holds every finding's id and path, the accepted ones included."""
    used = {id(grant.waiver) for grant in granted}
    for waiver in waivers:
        expected = waiver.counts_in(stacks) and not waiver.needs_email
        if expected and id(waiver) not in used:
            yield problem(waiver, "unused waiver", "no stack has such a construct", CORRECT)
    resources = [resource.path for stack in stacks for resource in stack.resources()]
    rows = Counter((grant.finding, grant.path) for grant in granted)
    for grant in granted:
        for verdict, message in _grant(grant, seen, resources, rows):
            region, path = grant.place.region, grant.path
            yield problem(grant.waiver, verdict, message, CORRECT, region=region, path=path)


def _grant(
    grant: Grant,
    seen: set[tuple[str, str]],
    resources: Sequence[str],
    rows: Counter[tuple[str, str]],
) -> Iterator[tuple[str, str]]:
    below = sum(path.startswith(f"{grant.path}/") for path in resources)
    if below:
        yield "too broad waiver", f"covers the {below} resources below it; name one"
    elif (grant.finding, grant.path) not in seen:
        yield "unused waiver", f"nothing to accept in {grant.place.path}"
    if rows[grant.finding, grant.path] > 1:
        yield "duplicated waiver", "another row accepts the same"
