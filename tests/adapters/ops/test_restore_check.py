"""A restore is tried, compared, and leaves nothing behind."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

import naming
from ops import items, scratch_table
from ops.errors import UndeterminedError
from ops.region import Region
from ops.restore_comparison import Comparison, compare
from tests.adapters.ops.product import HEADER, Operator, order, put

LATER = datetime.now(UTC) + timedelta(days=1)
TRY = ("restore-check", "--try", "--yes", "--settled-s", "-86400")


@pytest.fixture(autouse=True)
def recoverable(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table has a window, and waiting costs no time."""
    client = region.client("dynamodb")
    client.update_continuous_backups(
        TableName=region.table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    now = datetime.now(UTC)
    window = {
        "PointInTimeRecoveryStatus": "ENABLED",
        "EarliestRestorableDateTime": now - timedelta(minutes=10),
        "LatestRestorableDateTime": now,
    }
    described = {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": window}}
    monkeypatch.setattr(client, "describe_continuous_backups", lambda **_: described)
    monkeypatch.setattr(scratch_table, "POLL_S", 0.01)


def some_files(region: Region) -> None:
    put(region, "orders/a.csv", HEADER + order("1") + order("2", "many") + order("3"))
    put(region, "other/b.json", '{"a": 1}\n{"a": 2}\n')


def compared(
    region: Region, change: Callable[[Any], object], before: datetime = LATER, most: int = 100
) -> Comparison:
    with scratch_table.restored(region, print) as restored:
        change(restored)
        return compare(region, restored, before, lambda _: None, most)


def test_a_restored_table_that_has_everything_is_right_and_is_removed(
    region: Region, ops: Operator
) -> None:
    some_files(region)

    assert ops(*TRY, "--json") == 0

    restored = json.loads(ops.out)["restored"]
    assert (restored["items"], restored["restoredItems"], restored["sampled"]) == (7, 7, 7)
    assert not scratch_table.exists(region)


def test_nothing_old_enough_to_compare_is_undecided_not_right(
    region: Region, ops: Operator
) -> None:
    some_files(region)

    assert ops("restore-check", "--try", "--yes") == 2
    assert "no item is old enough" in ops.out


def test_a_missing_and_a_different_item_are_found(region: Region) -> None:
    some_files(region)

    def damage(restored: Region) -> None:
        client = restored.client("dynamodb")
        of_one, of_three = (next(items.with_id(region, f"orders:{n}")) for n in (1, 3))
        client.delete_item(TableName=restored.table, Key=items.key_of(of_one).attributes)
        client.put_item(TableName=restored.table, Item={**of_three, "digest": {"S": "other"}})

    found = compared(region, damage)

    assert [key.record_id for key in found.missing] == ["orders:1"]
    assert [key.record_id for key in found.different] == ["orders:3"]
    assert "of 7 items, 1 are missing and 1 differ" in found.problem


def test_fewer_items_are_found_though_no_sample_is_among_them() -> None:
    assert Comparison(live=9, restored=8, sampled=5).problem == "it has 8 of 9 items"
    assert Comparison(live=9, restored=10, sampled=5).problem == ""
    assert Comparison(live=9, restored=8, sampled=5, is_whole=False).problem == ""


def test_what_was_put_replaced_or_corrected_after_the_moment_is_not_missed(region: Region) -> None:
    some_files(region)

    def change(_: Region) -> None:
        [item] = items.with_id(region, "orders:1")
        newer = {"precedence": {"S": "9999"}, "digest": {"S": "newer"}}
        region.client("dynamodb").put_item(TableName=region.table, Item={**item, **newer})
        marked = next(each for each in items.stored(region) if each["status"] == {"S": "REJECTED"})
        region.client("dynamodb").put_item(
            TableName=region.table, Item={**marked, "status": {"S": "CORRECTED"}}
        )

    found = compared(region, change)

    assert (found.problem, found.sampled) == ("", 6)
    assert compared(region, lambda _: None, before=datetime(2020, 1, 1, tzinfo=UTC)).unknown


def test_of_a_large_table_a_part_is_read_and_the_sample_decides(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_files(region)
    client = region.client("dynamodb")
    get_paginator = client.get_paginator

    def in_small_pages(name: str) -> object:
        pages = get_paginator(name)
        paginate = pages.paginate
        pages.paginate = lambda **call: paginate(**call, PaginationConfig={"PageSize": 2})
        return pages

    monkeypatch.setattr(client, "get_paginator", in_small_pages)

    found = compared(region, lambda _: None, most=3)

    assert not found.is_whole
    assert 0 < found.sampled < 7
    assert found.problem == ""


def test_a_scratch_table_of_a_killed_run_is_told_and_removed_by_the_next(
    region: Region, ops: Operator
) -> None:
    some_files(region)
    region.client("dynamodb").restore_table_to_point_in_time(
        SourceTableName=region.table,
        TargetTableName=naming.SCRATCH_TABLE,
        UseLatestRestorableTime=True,
    )

    assert ops("restore-check") == 1
    assert f"{naming.SCRATCH_TABLE} is left in" in ops.out
    assert ops(*TRY) == 0
    assert not scratch_table.exists(region)


def test_a_comparison_that_fails_or_is_interrupted_leaves_no_scratch_table(
    region: Region, ops: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_files(region)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ops.commands.restore_check.compare", interrupted)

    assert ops(*TRY) == 130
    assert not scratch_table.exists(region)


def test_a_platform_that_restores_nothing_is_undecided(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "UnknownOperationException"}}, "Restore")

    monkeypatch.setattr(region.client("dynamodb"), "restore_table_to_point_in_time", refuse)

    with (
        pytest.raises(UndeterminedError, match="restores no table"),
        scratch_table.restored(region, print),
    ):
        pass


def test_it_asks_before_it_restores(region: Region, ops: Operator) -> None:
    some_files(region)

    assert ops("restore-check", "--try") == 3
    assert ops("restore-check", "--try", "--dry-run") == 0
    assert not scratch_table.exists(region)
