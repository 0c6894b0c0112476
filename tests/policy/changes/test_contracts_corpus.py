"""Which rows contracts are compared with."""

import json
from typing import Any

from datasets.compatibility.corpus import rows

GOOD = {"sku": "NUT-12", "counted": "31.01.2026"}
REFUSED = {"sku": "12", "counted": "31.01.2026"}
# What a row made of this schema alone lacks: no pattern and no form of dates can be read from it.
SCHEMA = {"type": "object", "properties": {name: {"type": "string"} for name in GOOD}}


def answer() -> dict[str, Any]:
    examples = [json.dumps(row) for row in (GOOD, REFUSED)]
    declared = {"input": SCHEMA, "examples": examples, "good": examples[:1]}
    return {"contracts": {"counts": declared}, "files": []}


def test_a_dataset_without_samples_has_rows_that_follow_from_its_good_examples() -> None:
    made = [row.text for row in rows([answer()])]

    assert json.dumps(GOOD | {"sku": "seven"}, separators=(",", ":")) in made
