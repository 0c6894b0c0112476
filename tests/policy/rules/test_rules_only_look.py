import json
from pathlib import Path

import pytest

from policies import rules
from policies.templates import assembly


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
