"""A value that is dangerous to change is told by its hazard, and by nothing else."""

from policies.changes.kinds import findings
from tests.policy.changes.updates import between
from tests.policy.templates import resource

MAPPING = "AWS::Lambda::EventSourceMapping"


def test_a_hazard_says_why_what_it_was_and_what_to_do() -> None:
    on, off = ({"M": resource(MAPPING, Enabled=enabled)} for enabled in (True, False))

    [found] = findings(between(on, off))

    assert found.rule == "mapping-switched[Properties.Enabled true -> false]"
    assert "reads nothing" in found.message
    assert "it was true and becomes false" in found.message
    assert found.remedy.startswith("leave it to the operator's commands")
