"""What is deployed in the primary already was reviewed then."""

from collections.abc import Sequence
from pathlib import Path

from attacks import gates
from attacks.attack import PRIMARY, REGIONS, put
from attacks.project import Original
from policies.changes.comparison import Base, compare
from policies.changes.resource_spec import Spec
from policies.templates.template import StackTemplate

ROLE = "Processor/Service/Role/DefaultPolicy"
ACTION = "Properties.PolicyDocument.Statement.0.Action"


def widened(original: Original, stages: Sequence[str]) -> list[StackTemplate]:
    copy = gates.planted(put(ROLE, ACTION, "dynamodb:*", stacks=stages), original)
    return [copy.after(name) for name in original.stacks]


def test_a_standby_that_is_behind_catches_up_with_what_the_primary_went_through(
    green: Path,
) -> None:
    original = Original.of(green)
    before = [*original.stacks.values()]
    after, primary_only = widened(original, REGIONS), widened(original, [PRIMARY])

    first = compare(Base(name="a", stacks=before, deployed=True), after, [], Spec.load())
    later = compare(Base(name="b", stacks=primary_only, deployed=True), after, [], Spec.load())

    assert {found.region for found in first.verdict.findings} == {"us-east-1", "us-west-2"}
    assert later.verdict.findings == ()
