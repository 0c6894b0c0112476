"""Every attack is caught by what is for it, which says what and where, and what to do."""

from pathlib import Path

import pytest

from attacks import gates
from attacks.attack import Attack
from attacks.families import FAMILIES
from attacks.project import Copy, Original

ATTACKS = [
    pytest.param(attack, id=f"{family}: {attack.what}")
    for family, attacks in FAMILIES.items()
    for attack in attacks
]


@pytest.fixture(scope="module")
def original(green: Path) -> Original:
    return Original.of(green)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_caught_by_what_is_for_it(original: Original, attack: Attack) -> None:
    copy = gates.attacked(attack, original)

    found = gates.findings(copy, attack.by)

    caught = gates.catching(attack, copy, found)
    assert caught, "\n\n".join(map(str, found))
    assert all(each.message and each.remedy for each in caught)


def test_nothing_is_caught_where_nothing_is_planted(original: Original) -> None:
    assert gates.findings(Copy(original)) == []
