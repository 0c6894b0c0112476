"""No rule, kind, hazard or scan can go unnoticed: each has an attack that it alone catches."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from attacks import gates
from attacks.attack import Attack
from attacks.families import FAMILIES
from attacks.project import Original
from policies import published, rules
from policies.changes import contract_findings, kinds, tables
from policies.changes.tables import Row
from policies.finding import PROJECT
from policies.register import TOOLS

ATTACKS = [attack for attacks in FAMILIES.values() for attack in attacks]
# A name may have several rows, and each is to be missed.
ROWS = [pytest.param(row, id=f"{row.name} {number}") for number, row in enumerate(tables.HAZARDS)]


@pytest.fixture(scope="module")
def original(green: Path) -> Original:
    return Original.of(green)


def missed(name: str, original: Original) -> Attack | None:
    """The first attack that is to be caught by this name, and is not."""
    named = [attack for attack in ATTACKS if attack.by == name]
    assert named, f"there is no attack that {name} must catch: add one to attacks/families"
    return next((attack for attack in named if not is_caught(attack, original)), None)


def is_caught(attack: Attack, original: Original) -> bool:
    copy = gates.attacked(attack, original)
    return bool(gates.catching(attack, copy, gates.findings(copy, attack.by)))


@pytest.mark.parametrize(
    ("registry", "name", "by"),
    [
        *((rules.RULES, name, f"{PROJECT}-{name}") for name in rules.RULES),
        *((kinds.KINDS, name, name) for name in kinds.KINDS),
    ],
    ids=[*rules.RULES, *kinds.KINDS],
)
def test_without_a_rule_or_kind_an_attack_is_not_caught(
    original: Original,
    monkeypatch: pytest.MonkeyPatch,
    registry: Mapping[str, object],
    name: str,
    by: str,
) -> None:
    monkeypatch.delitem(registry, name)  # which is a dictionary

    assert missed(by, original)


@pytest.mark.parametrize("row", ROWS)
def test_without_a_hazard_an_attack_is_not_caught_by_its_name(
    original: Original, monkeypatch: pytest.MonkeyPatch, row: Row
) -> None:
    rest: Sequence[Row] = [each for each in tables.HAZARDS if each is not row]
    monkeypatch.setattr(tables, "HAZARDS", rest)

    assert missed(row.name, original)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_scan_has_an_attack(tool: str) -> None:
    assert any(attack.by.startswith(f"{tool}-") for attack in ATTACKS)


@pytest.mark.parametrize("kind", [*contract_findings.RULES, *published.KINDS])
def test_what_is_said_of_data_and_of_bundles_has_an_attack(kind: str) -> None:
    assert any(attack.by == kind for attack in ATTACKS)
