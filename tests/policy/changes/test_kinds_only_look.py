from collections.abc import Iterator
from operator import setitem

import pytest

from policies.changes import kinds
from policies.changes.kinds import denial_added
from policies.changes.update import Update
from policies.command_line import Undetermined
from policies.finding import Finding
from tests.policy.changes.updates import between
from tests.policy.templates import resource


def test_a_kind_that_changes_what_the_others_look_at_ends_the_comparison(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def look(update: Update) -> Iterator[Finding]:
        setitem(update.after.template["Resources"], "It", resource("AWS::SQS::Queue"))
        yield from ()

    monkeypatch.setattr(denial_added, "check", look)

    with pytest.raises(Undetermined, match="changes what the others look at"):
        kinds.findings(between({}, {}))
