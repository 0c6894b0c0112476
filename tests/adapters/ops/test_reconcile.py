"""``ops reconcile`` as a person runs it: what it prints, writes and exits with."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ops import files, items
from ops.region import Region
from tests.adapters.ops.processor import Processor
from tests.adapters.ops.product import HEADER, Operator, order, process, put
from tests.adapters.ops.test_reconciliation import delete

KEY = "orders/<b>&.csv"
NOW = ("--in-work-s", "0")


def lines(ops: Operator) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ops.out.splitlines()]


def lose(region: Region, record_id: str) -> None:
    delete(region, items.key_of(next(items.with_id(region, record_id))))


def test_nothing_missing(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1"))

    assert ops("reconcile", "--rows", *NOW) == 0

    assert ops.out.splitlines()[-1].endswith("1 row: nothing is missing in us-east-1")


def test_a_missing_row_is_named_in_every_form(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    put(region, KEY, HEADER + order("1") + order("2"))
    lose(region, "orders:2")
    html = tmp_path / "report.html"

    assert ops("reconcile", "--rows", "--html", html, *NOW) == 1
    assert "ROW_MISSING" in ops.out
    assert "it is not stored: orders:2 at 2026-11-01T10:00:00.000Z" in ops.out
    assert ops("reconcile", "--rows", "--json", *NOW) == 1
    row, outcome = lines(ops)
    assert (row["code"], row["recordId"], row["row"]) == ("ROW_MISSING", "orders:2", 2)
    assert outcome["found"] == {"ROW_MISSING": 1}
    page = html.read_text()
    HTMLParser().feed(page)
    assert "orders/&lt;b&gt;&amp;.csv" in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_terminal_shows_a_hostile_name_and_does_not_obey_it(
    region: Region, ops: Operator
) -> None:
    files.put(region, "orders/\u202evsc.csv", b"id\n1\n")

    assert ops("reconcile", *NOW) == 1

    assert "orders/\ufffdvsc.csv" in ops.out


def test_rows_are_compared_only_if_asked(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1"))
    lose(region, "orders:1")

    assert ops("reconcile", *NOW) == 0


def test_repair_asks_does_it_and_exits_with_zero(
    region: Region, ops: Operator, processor: Processor
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"))
    lose(region, "orders:2")
    lose(region, file.id)

    assert ops("reconcile", "--rows", "--repair", *NOW) == 3
    assert ops("reconcile", "--rows", "--repair", "--dry-run", *NOW) == 1
    assert processor.runs == []
    assert ops("reconcile", "--rows", "--repair", "--yes", "--json", *NOW) == 0

    assert [each.get("code") for each in lines(ops)] == [
        *("FILE_MISSING", "ROW_MISSING", "REPAIRED"),
        None,
    ]
    assert ops("reconcile", "--rows", *NOW) == 0


def test_what_cannot_be_repaired_exits_with_one(
    region: Region, ops: Operator, processor: Processor
) -> None:
    put(region, "other/bad.json", '{"a": 1}\n[1, 2')
    put(region, KEY, HEADER + order("1"))
    lose(region, "orders:1")

    assert ops("reconcile", "--rows", "--repair", "--yes", *NOW) == 1

    assert "NOT_REPAIRED" in ops.out
    assert "2 findings, 1 file repaired, 1 not" in ops.out
    assert sorted(processor.runs) == [KEY, "other/bad.json", "other/bad.json"]


def test_undecided_exits_with_two(region: Region, ops: Operator) -> None:
    file = put(region, KEY, HEADER + order("1"))
    region.client("dynamodb").update_item(
        TableName=region.table,
        Key=items.Key(file.id, file.timestamp).attributes,
        UpdateExpression="SET contractVersion = :older",
        ExpressionAttributeValues={":older": {"N": "1"}},
    )
    lose(region, "orders:1")

    assert ops("reconcile", "--rows", *NOW) == 2


def test_the_self_test_needs_a_complete_canary(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1"))
    files.put(region, "canary/not-processed.json", b"{}")

    assert ops("reconcile", "--self-test") == 2
    assert "no complete file under canary/" in ops.err


def test_the_self_test_writes_nothing_and_proves_each_kind_of_finding(
    region: Region, ops: Operator
) -> None:
    process(region, files.put(region, "canary/a.json", b'{"a": 1}\n{"a": 2}\n'))
    before = list(items.stored(region))

    assert ops("reconcile", "--self-test", "--json") == 0

    [outcome] = lines(ops)
    assert [proof["holds"] for proof in outcome["proofs"]] == [True] * 4
    assert list(items.stored(region)) == before


@pytest.mark.parametrize(
    ("broken", "instead"),
    [
        ("ops.reconciliation.check_file", lambda *_, **__: None),
        ("ops.row_check.RowCheck._compare", lambda *_: []),
        ("ops.ledger_check._disagreement", lambda *_: ""),
        ("ops.row_check.RowCheck._is_stored", lambda *_: False),
    ],
)
def test_the_self_test_fails_for_a_reconciliation_that_finds_nothing_or_everything(
    region: Region, ops: Operator, monkeypatch: pytest.MonkeyPatch, broken: str, instead: object
) -> None:
    process(region, files.put(region, "canary/a.json", b'{"a": 1}\n{"a": 2}\n'))
    monkeypatch.setattr(broken, instead)

    assert ops("reconcile", "--self-test") == 1
    assert "FAILED" in ops.out
