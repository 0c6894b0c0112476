"""A record is erased: what is found, what is removed, what is left, and what is noted."""

import json
from typing import Any

import pytest

from ops import files, items
from ops.items import plain
from ops.object_versions import versions
from ops.region import Region
from services.processor.runtime.corrections import CORRECTS, reference
from tests.adapters.ops.product import HEADER, Operator, order, put

KEY = "orders/a.csv"
LONG = "x" * 5000


def stored_ids(region: Region) -> set[str]:
    return {item["recordId"]["S"] for item in items.stored(region)}


def notes(region: Region) -> list[dict[str, Any]]:
    found = region.client("dynamodb").scan(TableName=region.table)["Items"]
    return [plain(item) for item in found if item["itemType"] == {"S": items.AUDIT}]


def keys_in_s3(region: Region) -> list[str]:
    return sorted(version.key for version in versions(region, ""))


def test_every_item_of_a_record_and_every_rejected_row_that_names_it_is_removed(
    region: Region, ops: Operator
) -> None:
    file = put(region, KEY, HEADER + order("7") + order("7", "many") + order("77", "many"))
    put(region, "orders/b.csv", HEADER + order("7").replace("2026", "2025") + order("8"))

    assert ops("forget", "orders", "7", "--yes") == 0

    left = stored_ids(region)
    assert "orders:7" not in left
    assert file.record_id(2) not in left
    assert {"orders:8", file.record_id(3)} <= left
    assert "removed 2 items, 1 rejected row, 0 objects" in ops.out


def test_a_rejected_row_without_the_key_is_removed_if_the_record_corrects_it(
    region: Region, ops: Operator
) -> None:
    file = put(region, KEY, HEADER + order("") + order(""))
    mark = reference(file.id, file.timestamp, 1)
    put(region, "orders/b.csv", f"{CORRECTS},{HEADER}{mark},{order('7')}")

    assert ops("forget", "orders", "7", "--yes") == 0

    left = stored_ids(region)
    assert file.record_id(1) not in left
    assert file.record_id(2) in left
    assert "removed 1 item, 1 rejected row, 0 objects" in ops.out


def test_the_example_in_the_ledger_that_quotes_an_erased_row_is_erased_too(
    region: Region, ops: Operator
) -> None:
    other = put(region, "orders/b.csv", HEADER + order("8", "many") + order("7", "many"))
    file = put(region, KEY, HEADER + order("7", "many"))

    assert ops("forget", "orders", "7", "--yes") == 0

    [erased], [kept] = (
        files.ledger_entry(region, each)["rejections"].values() for each in (file, other)
    )
    assert (erased["rows"], erased["message"]) == (1, "erased on request")
    assert "many" in kept["message"]


def test_everything_is_shown_first_and_a_dry_run_changes_nothing(
    region: Region, ops: Operator
) -> None:
    file = put(region, KEY, HEADER + order("7") + order("7", "many"))
    before = stored_ids(region)

    assert ops("forget", "orders", "7", "--dry-run", "--objects") == 0

    assert f"s3://incoming/{KEY} version {file.version} (2 rows)" in ops.out
    assert "orders:7 at 2026-11-01T10:00:00.000Z" in ops.out
    assert f"{file.record_id(2)} at {file.timestamp}" in ops.out
    assert stored_ids(region) == before
    assert keys_in_s3(region) == [KEY]


def test_without_a_terminal_it_removes_nothing_unasked(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("7"))

    assert ops("forget", "orders", "7") == 3

    assert "orders:7" in stored_ids(region)


def test_objects_stay_unless_they_are_to_be_removed(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("7") + order("8"))

    assert ops("forget", "orders", "7", "--yes") == 0
    assert "the record returns" in ops.err.replace("\n", " ")
    assert keys_in_s3(region) == [KEY]

    put(region, KEY, HEADER + order("7") + order("8"))
    assert ops("forget", "orders", "7", "--yes", "--objects") == 0
    assert keys_in_s3(region) == [KEY]
    assert "orders:8" in stored_ids(region)


def test_objects_that_held_it_earlier_are_found_by_reading_them(
    region: Region, ops: Operator
) -> None:
    for name, who in (("1", "7"), ("2", "7"), ("3", "77")):
        put(region, f"orders/{name}.csv", HEADER + order(who), name)

    ops("forget", "orders", "7", "--dry-run", "--search", "orders/")

    assert ["orders/1.csv" in ops.out, "orders/2.csv" in ops.out] == [True, True]
    assert "orders/3.csv" not in ops.out


def test_a_row_of_more_than_its_item_has_is_read_in_the_object(
    region: Region, ops: Operator
) -> None:
    file = put(region, "orders/a.json", json.dumps([{"note": LONG, "id": "7"}, {"note": LONG}]))

    assert ops("forget", "orders", "7", "--yes") == 0

    assert file.record_id(1) not in stored_ids(region)
    assert file.record_id(2) in stored_ids(region)


def test_a_long_row_whose_object_is_gone_is_said_to_be_unsearched(
    region: Region, ops: Operator
) -> None:
    file = put(region, "orders/a.json", json.dumps([{"note": LONG, "id": "9"}]))
    put(region, KEY, HEADER + order("7"))
    region.client("s3").delete_object(Bucket=region.bucket, Key=file.key, VersionId=file.version)

    assert ops("forget", "orders", "7", "--yes") == 1

    assert f"cannot be searched    REJECTED {file.record_id(1)}" in ops.out


def test_what_was_done_is_noted_without_the_data_and_announced_nowhere(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("customer-7"))

    ops("forget", "orders", "customer-7", "--yes", "--objects")

    [note] = notes(region)
    assert note["outcome"] == "DONE"
    assert note["removed"] == {"recordItems": 1, "rejectedRows": 0, "objects": 1}
    assert note["by"].startswith("arn:aws:")
    assert "customer-7" not in str(note)
    assert "originRegion" not in note
    assert "status" not in note


def test_a_run_that_was_interrupted_is_finished_by_the_next_one(
    region: Region, ops: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(region, KEY, HEADER + order("7") + order("7", "many") + order("7", "any"))
    client, left = region.client("dynamodb"), [1]
    delete_item = client.delete_item

    def once(**call: object) -> object:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return delete_item(**call)

    monkeypatch.setattr(client, "delete_item", once)
    assert ops("forget", "orders", "7", "--yes", "--objects") == 130
    monkeypatch.setattr(client, "delete_item", delete_item)

    assert ops("forget", "orders", "7", "--yes", "--objects") == 0

    assert [note.get("outcome") for note in notes(region)].count("DONE") == 1
    assert keys_in_s3(region) == []
    assert {key for key in stored_ids(region) if "." in key or ":7" in key} == set()


def test_a_record_of_which_nothing_is_stored_is_a_finding(ops: Operator) -> None:
    assert ops("forget", "orders", "7", "--yes") == 1

    assert "nothing is stored" in ops.err


@pytest.mark.parametrize("command", ["forget", "record"])
@pytest.mark.parametrize("arguments", [["generic", "7"], ["oders", "7"], ["orders", "7", "8"]])
def test_a_key_that_no_record_can_have_is_refused(
    ops: Operator, command: str, arguments: list[str]
) -> None:
    assert ops(command, *arguments) == 3


def test_a_file_of_another_dataset_is_not_searched(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("7"))
    files.put(region, "notes/about.csv", b"id\n7\n")

    ops("forget", "orders", "7", "--dry-run", "--search", "")

    assert "notes/about.csv" not in ops.out
