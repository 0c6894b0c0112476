"""Files are read again on request, chosen by name and time, and judged by their ledger entries."""

import json
from typing import Any
from unittest.mock import patch

import pytest

from ops import files, items
from ops.items import Key
from ops.region import Region
from tests.adapters.ops.processor import Processor
from tests.adapters.ops.product import HEADER, Operator, order, put

ALWAYS = ("--since", "2020-01-01")


def lines(ops: Operator) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ops.out.splitlines()]


@pytest.fixture
def two_new(region: Region) -> None:
    put(region, "orders/done.csv", HEADER + order("1"))
    for key in ("orders/b.csv", "orders/a.csv", "other/c.json"):
        files.put(region, key, (HEADER + order("2")).encode() if "csv" in key else b'{"a": 1}')


@pytest.mark.usefixtures("two_new")
def test_what_is_not_done_under_the_prefix_is_delivered(
    ops: Operator, processor: Processor
) -> None:
    assert ops("replay", "--prefix", "orders/", *ALWAYS, "--yes", "--json") == 0

    *each, counts = lines(ops)
    assert sorted(processor.runs) == ["orders/a.csv", "orders/b.csv"]
    assert {one["outcome"] for one in each} == {"COMPLETED"}
    assert counts == {"outcomes": {"COMPLETED": 2, "WAS_DONE": 1}}


@pytest.mark.usefixtures("two_new")
def test_a_second_replay_delivers_only_what_the_first_did_not_finish(
    ops: Operator, processor: Processor
) -> None:
    processor.is_down = True
    assert ops("replay", "--prefix", "", *ALWAYS, "--yes") == 1
    assert "3 NOT_COMPLETE, 1 WAS_DONE" in ops.out
    processor.is_down = False

    assert ops("replay", "--prefix", "other/", *ALWAYS, "--yes") == 0
    processor.runs.clear()
    assert ops("replay", "--prefix", "", *ALWAYS, "--yes") == 0
    assert sorted(processor.runs) == ["orders/a.csv", "orders/b.csv"]
    assert ops("replay", "--prefix", "", *ALWAYS) == 0
    assert "nothing to deliver" in ops.out


@pytest.mark.usefixtures("two_new")
def test_a_dry_run_counts_and_without_an_answer_nothing_is_delivered(
    ops: Operator, processor: Processor
) -> None:
    assert ops("replay", "--prefix", "orders/", *ALWAYS, "--dry-run", "--json") == 0
    assert lines(ops) == [{"chosen": 3, "toDeliver": 2}]
    assert ops("replay", "--prefix", "orders/", *ALWAYS) == 3

    assert processor.runs == []


@pytest.mark.usefixtures("two_new", "processor")
@pytest.mark.parametrize(
    ("limits", "chosen"),
    [
        (("--since", "2100-01-01"), 0),
        (("--since", "2020-01-01", "--until", "2020-01-02"), 0),
        (("--since", "2020-01-01", "--until", "2100-01-01"), 3),
    ],
)
def test_versions_are_chosen_by_the_moment_they_were_put(
    ops: Operator, limits: tuple[str, ...], chosen: int
) -> None:
    ops("replay", "--prefix", "orders/", *limits, "--dry-run")

    assert f"{chosen:,} version" in ops.err


def test_a_file_of_an_older_contract_is_read_again_and_one_the_processor_leaves_alone_is_told(
    region: Region, ops: Operator, processor: Processor
) -> None:
    file = put(region, "orders/a.csv", HEADER + order("1"))
    region.client("dynamodb").update_item(
        TableName=region.table,
        Key=Key(file.id, file.timestamp).attributes,
        UpdateExpression="SET contractVersion = :older",
        ExpressionAttributeValues={":older": {"N": "1"}},
    )

    with patch.object(processor, "is_down", new=True):
        assert ops("replay", "--prefix", "orders/", *ALWAYS, "--yes") == 1
        assert "the processor has version 1 of its contract" in ops.out
    assert ops("replay", "--prefix", "orders/", *ALWAYS, "--yes") == 0

    assert items.read(region, file.id, file.timestamp)["contractVersion"] != {"N": "1"}


def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    region: Region, ops: Operator, processor: Processor
) -> None:
    files.put(region, "other/bad.json", b'{"a": 1}\n[1, 2')

    assert ops("replay", "--prefix", "", *ALWAYS, "--yes") == 1

    assert "it is FAILED: " in ops.out
    assert processor.runs == ["other/bad.json"]


def test_a_name_that_nothing_is_read_from_is_done_once_the_ledger_has_it(
    region: Region, ops: Operator, processor: Processor
) -> None:
    files.put(region, "orders/notes.txt", b"hello")
    files.put(region, "orders/", b"")

    assert ops("replay", "--prefix", "", *ALWAYS, "--yes") == 0
    assert ops("replay", "--prefix", "", *ALWAYS, "--yes") == 0

    assert processor.runs == ["orders/notes.txt"]
