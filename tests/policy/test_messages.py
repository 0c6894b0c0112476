"""Whatever a gate says, it says what is wrong, where, why, and what to do about it."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from attacks import gates
from attacks.attack import Plant, append, both, put, remove
from attacks.project import PIPELINE, ROOT, Original
from policies import rules
from policies.changes import kinds
from policies.changes.tables import HARMLESS, HAZARDS
from policies.changes.unclassified import UNCLASSIFIED
from policies.finding import Finding
from tests.policy.templates import resource, stack

PAGE = ROOT / "docs" / "changes.md"
MODULES: Mapping[str, ModuleType] = {**rules.RULES, **kinds.KINDS}
FILE = re.compile(r"[\w./-]+\.(?:json|md|py|toml)\b")
# Planted together: what is told of a resource, of a policy, of a stack and of the pipeline.
PLANTED = both(
    put("Processor/DeadLetters/Queue", "Properties.SqsManagedSseEnabled", value=False),
    put("StreamConsumer/Service/Function", "Properties.Timeout", 61),
    append(
        "StreamConsumer/Service/Role/DefaultPolicy",
        "Properties.PolicyDocument.Statement",
        {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    ),
    remove("Watch/processor-errors"),
    put("Pipeline/Pipeline", "Properties.RestartExecutionOnUpdate", value=True, stacks=[PIPELINE]),
)


def is_advice(text: str) -> bool:
    """Whether it goes on a line that begins with "do" or "why": words, without a full stop."""
    return len(text.split()) > 2 and text == text.strip() and not text.endswith(".")


@pytest.mark.parametrize("name", MODULES)
def test_a_rule_and_a_kind_say_what_they_promise_and_what_to_do(name: str) -> None:
    module: Any = MODULES[name]

    assert re.match(r"[A-Z].+", module.__doc__ or ""), f"{name} has no docstring"
    assert is_advice(module.REMEDY), f"REMEDY of {name}: {module.REMEDY!r}"


@pytest.mark.parametrize("hazard", [*HAZARDS, UNCLASSIFIED], ids=lambda each: each.name)
def test_a_hazard_says_why_it_is_one_and_what_to_do(hazard: Any) -> None:  # noqa: ANN401
    assert is_advice(hazard.remedy)
    assert hazard is UNCLASSIFIED or is_advice(hazard.why)


def test_what_is_advised_is_there() -> None:
    told = [each.REMEDY for each in MODULES.values()]
    told += [text for each in HAZARDS for text in (each.why, each.remedy)]
    files = {file for text in told for file in FILE.findall(text)}

    assert len(files) > 4
    assert {file for file in files if not (ROOT / file).exists()} == set()


@pytest.mark.parametrize("harmless", HARMLESS, ids=lambda each: each.name)
def test_a_class_says_why_it_is_harmless(harmless: Any) -> None:  # noqa: ANN401
    assert len(harmless.why.split()) > 1


@pytest.fixture(scope="module")
def found(green: Path) -> list[Finding]:
    plant: Plant = PLANTED
    return gates.findings(gates.planted(plant, Original.of(green)))


def test_a_finding_has_all_five_parts_and_its_line_is_of_a_file_that_is_there(
    found: list[Finding],
) -> None:
    assert {each.kind for each in found} >= {"access-widened", "Project-encrypted-at-rest"}
    for each in found:
        assert all((each.rule, each.path, each.message, each.remedy)), each
        file, line = re.match(r"(\S+\.py):(\d+)", each.source).groups()  # type: ignore[union-attr]
        assert len((ROOT / file).read_text().splitlines()) >= int(line), each


def test_a_change_offers_the_command_and_the_row_that_accept_it(found: list[Finding]) -> None:
    for each in (each for each in found if each.gate == "changes"):
        assert "make changes ACKNOWLEDGE=<name>" in each.remedy
        assert f"findings = [{each.rule!r}]" in each.remedy or 'findings = ["' in each.remedy


def test_the_rule_that_the_page_shows_is_one() -> None:
    [code] = re.findall(r"^```python\n(.+?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    rule: dict[str, Any] = {}
    exec(code, rule)  # our own page
    queues = {
        "Slow": resource("AWS::SQS::Queue", DelaySeconds=9),
        "Quick": resource("AWS::SQS::Queue"),
    }

    assert [each.path.rpartition("/")[2] for each in rule["check"]([stack(queues)])] == ["Slow"]
    assert is_advice(rule["REMEDY"])
