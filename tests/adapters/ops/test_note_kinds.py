"""Each kind of note that operators' commands write has exactly these attributes, and never expires.

The kinds of items that the functions write are stated in ``tests/unit/processor/item_kinds.py``.
"""

import ast
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from ops import audit, marker
from ops.audit import Act
from ops.region import Region
from tests.adapters.ops.product import HEADER, Operator, order, put

OPS = Path(__file__).parents[3] / "ops"
WRITES = ("put_item", "update_item", "batch_write_item", "transact_write_items")
KEYS = {"recordId": "S", "timestamp": "S"}
NOTE = {**KEYS, "itemType": "S", "action": "S"}
ACT = {**NOTE, "by": "S", "region": "S", "reason": "S", "outcome": "S"}
ERASED_ROW = {**NOTE, "dataset": "S"}
ERASURE = {**ERASED_ROW, "by": "S", "region": "S", "outcome": "S", "removed": "M"}


def act(region: Region, _: Operator) -> None:
    with audit.noted(region, Act(action="TAKEOVER", facts={"a fact": "on"}, reason="a drill")):
        pass


def failed_act(region: Region, _: Operator) -> None:
    failing = audit.noted(region, Act(action="TAKEOVER", facts={"a fact": ""}, reason="a drill"))
    with suppress(ZeroDivisionError), failing:
        raise ZeroDivisionError


def erasure(region: Region, ops: Operator) -> None:
    put(region, "orders/a.csv", HEADER + order("A-1") + order("A-1", quantity=0))
    assert ops("forget", "orders", "A-1", "--yes") == 0


def replication(region: Region, _: Operator) -> None:
    marker.replicate(region, region, limit_s=5)


@pytest.mark.parametrize(
    ("write", "kinds"),
    [
        (act, [{**ACT, "a fact": "S"}]),
        (failed_act, [{**ACT, "error": "S"}]),
        (erasure, [ERASURE, ERASED_ROW]),
        (replication, [{**NOTE, "content": "S"}]),
    ],
)
def test_a_note_has_these_attributes_and_no_other(
    region: Region,
    ops: Operator,
    write: Callable[[Region, Operator], None],
    kinds: list[dict[str, str]],
) -> None:
    write(region, ops)

    items = region.client("dynamodb").scan(TableName=region.table)["Items"]
    notes = [each for each in items if each["itemType"]["S"] == "AUDIT"]
    assert sorted(map(_types, notes), key=len) == sorted(kinds, key=len)


def _types(item: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: kind for name, attribute in item.items() for kind in attribute}


def test_items_are_written_by_these_modules_only() -> None:
    writing = {
        str(path.relative_to(OPS))
        for path in OPS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in WRITES
    }

    notes, ledger_entries = {"audit.py", "forgetting.py", "marker.py"}, {"reopening.py"}
    assert writing == notes | ledger_entries
