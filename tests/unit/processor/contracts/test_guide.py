"""The guide to contracts is true: its contract works, and each mistake gives the sentence shown."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from services.processor.runtime.contracts import found, generic
from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import ContractError

GUIDE = (Path(__file__).resolve().parents[4] / "docs" / "contracts.md").read_text()
[SOURCE] = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
MISTAKES = [
    tuple(part.replace("\\|", "|") for part in row)
    for row in re.findall(r"^\| `(.*)` → `(.*)` \| (.*) \|$", GUIDE, re.MULTILINE)
]


def module(source: str) -> ModuleType:
    made = ModuleType("contracts.counts")
    exec(source, vars(made))  # the guide's own code
    return made


def test_the_contract_of_the_guide_takes_rows_of_both_formats() -> None:
    contract = found([generic, module(SOURCE)])["counts"]
    assert isinstance(contract, Contract)

    cells = {
        "sku": "NUT-12",
        "counted": "31.01.2026 18:00",
        "level": "40.0",
        "place_hall": "B",
        "place_shelf": "",
    }
    assert contract.from_csv(cells) == {
        "sku": "NUT-12",
        "countedAt": "2026-01-31T17:00:00.000Z",
        "level": 40,
        "hall": "b",
    }


def test_the_guide_has_the_usual_mistakes() -> None:
    assert len(MISTAKES) > 12


@pytest.mark.parametrize(("written", "instead", "sentence"), MISTAKES)
def test_a_mistake_gives_the_sentence_of_the_guide(
    written: str, instead: str, sentence: str
) -> None:
    assert SOURCE.count(written) == 1

    with pytest.raises(ContractError) as refused:
        found([generic, module(SOURCE.replace(written, instead))])

    assert str(refused.value) == sentence
