import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from policies import register, rules
from policies.check import check
from policies.finding import Finding
from policies.rules import retained
from policies.templates import assembly
from policies.templates.template import StackTemplate
from tests.policy.conftest import TODAY

Change: TypeAlias = Callable[[Sequence[StackTemplate]], None]


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


def _more(stacks: Sequence[StackTemplate]) -> None:
    for bodies in [each.template["Resources"] for each in stacks]:
        bodies["More"] = {"Type": "AWS::SNS::Topic"}


def _fewer(_: Sequence[StackTemplate]) -> None:
    for kind in [StackTemplate]:
        kind.resources = lambda *_: iter(())  # type: ignore[method-assign]  # the attack


@pytest.mark.parametrize(
    ("change", "of"),
    [(_more, "the templates"), (_fewer, "policies.templates.template.StackTemplate.resources")],
)
def test_a_rule_that_changes_what_others_look_at_or_by_is_red(
    green: Path, monkeypatch: pytest.MonkeyPatch, change: Change, of: str
) -> None:
    def look(stacks: Sequence[StackTemplate]) -> Iterator[Finding]:
        change(stacks)
        yield from ()

    monkeypatch.setattr(StackTemplate, "resources", StackTemplate.resources)
    monkeypatch.setattr(retained, "check", look)

    found = check(assembly.read(green), register.load(), TODAY).findings

    told = f"a rule changes what the others look at or by: {of}"
    assert [each for each in found if each.message.startswith(told)]


def test_a_rule_that_ends_the_process_is_an_error(
    green: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retained, "check", lambda _: sys.exit(0))

    with pytest.raises(RuntimeError, match="a rule of policies/rules ends the process"):
        check(assembly.read(green), register.load(), TODAY)
