import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from policies import register, rules
from policies.check import check
from policies.finding import Finding
from policies.rules import retained
from policies.templates import assembly
from policies.templates.template import StackTemplate
from tests.policy.conftest import TODAY


@pytest.mark.parametrize("name", rules.RULES)
@pytest.mark.parametrize("settings", ["green", "customised"])
def test_no_rule_changes_what_the_others_look_at(
    request: pytest.FixtureRequest, settings: str, name: str
) -> None:
    folder: Path = request.getfixturevalue(settings)
    stacks = assembly.read(folder).stacks
    before = json.dumps([each.template for each in stacks])

    list(rules.RULES[name].check(stacks))

    assert json.dumps([each.template for each in stacks]) == before


def test_a_rule_that_changes_what_others_look_at_is_red(
    green: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
        for bodies in [each.template["Resources"] for each in stacks]:
            bodies["More"] = {"Type": "AWS::SNS::Topic"}
        yield from ()

    monkeypatch.setattr(retained, "check", look)

    found = check(assembly.read(green), register.load(), TODAY).findings

    assert "a rule changes what the others look at" in {each.message for each in found}


def test_a_rule_that_ends_the_process_is_an_error(
    green: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retained, "check", lambda _: sys.exit(0))

    with pytest.raises(RuntimeError, match="a rule of policies/rules ends the process"):
        check(assembly.read(green), register.load(), TODAY)
