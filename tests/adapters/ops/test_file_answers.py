"""A file's history and verdict, and the way of its rejected rows back and in again."""

import json
import re
from pathlib import Path

import pytest

from ops import files
from ops.items import Key
from ops.region import Region
from ops.status_index import rows_with_status
from tests.adapters.ops.product import HEADER, Operator, order, process, put

KEY = "orders/2026/a.csv"


def test_a_file_whose_rows_are_all_accepted_is_complete(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1") + order("2"))

    assert ops("file", KEY) == 0

    assert "2 rows: 2 accepted, 0 rejected" in ops.out
    assert ops.out.splitlines()[-1] == "complete: all rows are in"


def test_rejected_rows_are_sent_back_corrected_and_complete_the_file(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    put(region, KEY, HEADER + order("1") + order("2", "many") + order("3", amount="?"))
    out = tmp_path / "rejected.csv"

    assert ops("file", KEY) == 1
    assert "2 rejected rows of version" in ops.out.splitlines()[-1]
    assert ops("rejected", KEY, "--out", out) == 0
    assert f"aws s3 cp '{out}' 's3://incoming/orders/2026/a-corrected.csv'" in ops.err
    put(region, "orders/2026/half.csv", out.read_text().replace("many", "7"))
    assert ops("file", KEY) == 1
    assert "(1 corrected since, 1 open)" in ops.out
    put(
        region,
        "orders/2026/a-corrected.csv",
        out.read_text().replace("many", "7").replace("?", "7"),
    )

    assert ops("file", KEY) == 0
    assert "(2 corrected since, 0 open)" in ops.out
    assert ops("rejected", KEY) == 0
    assert "no rejected row" in ops.err


def test_a_correction_that_is_rejected_again_is_corrected_with_one_more_file(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    put(region, KEY, HEADER + order("1", "many"))
    ops("rejected", KEY, "--out", first)
    put(region, "orders/again.csv", first.read_text().replace("many", "some"))

    ops("rejected", "orders/again.csv", "--out", second)
    put(region, "orders/last.csv", second.read_text().replace("some", "3"))

    assert second.read_text().splitlines()[0] == first.read_text().splitlines()[0]
    assert [ops("file", key) for key in (KEY, "orders/again.csv", "orders/last.csv")] == [0, 0, 0]


def test_a_header_in_the_middle_of_a_file_is_rejected_and_nothing_is_missing(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    put(region, KEY, HEADER + order("1") + HEADER + order("2", "many"))
    out = tmp_path / "rejected.csv"

    assert ops("file", KEY) == 1
    assert "1 rejected row of version" in ops.out.splitlines()[-1]
    assert ops("rejected", KEY, "--out", out) == 0
    assert len(out.read_text().splitlines()) == 2
    put(region, "orders/2026/a-corrected.csv", out.read_text().replace("many", "7"))

    assert ops("file", KEY) == 0


def test_a_newer_version_that_is_complete_replaces_the_file(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1", "many"))
    newer = put(region, KEY, HEADER + order("1"))

    assert ops("file", KEY) == 0

    assert f"superseded by {newer.version}" in ops.out
    assert "for the rows to correct" not in ops.err
    assert "replaces 1 older version that" in ops.out.splitlines()[-1]


def test_a_newer_version_that_is_not_complete_leaves_the_file_incomplete(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("1"))
    put(region, KEY, HEADER + order("1", "many"))

    assert ops("file", KEY) == 1


def test_of_a_file_that_was_cut_off_it_is_said_where_a_run_goes_on(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("1") + "\n" * 70_000 + order("2") + '"')

    assert ops("file", KEY) == 1

    assert "UNTERMINATED_QUOTE: a quote in row 3" in ops.out
    assert re.search(r"a run goes on at row 2, from line 65,\d\d\d \(byte 65,536\)", ops.out)


def test_a_version_that_was_not_processed_yet_is_said_to_be_so(
    region: Region, ops: Operator
) -> None:
    files.put(region, KEY, b"")

    assert ops("file", KEY) == 1

    assert "not processed yet" in ops.out


def test_a_file_that_failed_says_why_and_how_far_it_was_read(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1") + 'a,"b')

    assert ops("file", KEY) == 1

    assert "FAILED, 1 row read: UNTERMINATED_QUOTE" in ops.out.splitlines()[-1]


def test_another_key_that_begins_alike_is_another_file(region: Region, ops: Operator) -> None:
    put(region, f"{KEY}.csv", HEADER + order("1"))

    assert ops("file", KEY) == 1

    assert "no such key" in ops.err


def test_a_delete_marker_is_shown_and_is_no_file(region: Region, ops: Operator) -> None:
    put(region, KEY, HEADER + order("1"))
    region.client("s3").delete_object(Bucket=region.bucket, Key=KEY)

    assert ops("file", KEY) == 0

    assert "delete marker, no file" in ops.out


def test_a_version_that_s3_no_longer_has_is_found_in_the_ledger(
    region: Region, ops: Operator
) -> None:
    file = put(region, KEY, HEADER + order("1", "many"))
    region.client("s3").delete_object(Bucket=region.bucket, Key=KEY, VersionId=file.version)

    assert ops("file", KEY, "--json") == 1

    [version] = json.loads(ops.out)["versions"]
    assert (version["version"], version["inS3"], version["openRows"]) == (file.version, False, 1)
    assert version["entry"]["rowsRead"] == 1


def test_the_records_of_a_file_are_current_or_replaced_by_a_newer_file(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("1") + order("2") + order("3"), "01")
    put(region, "orders/later.csv", HEADER + order("2", amount="5.00"), "02")

    ops("file", KEY, "--records", "--json")

    [version] = json.loads(ops.out)["versions"]
    later = next(iter(version["records"]["replaced_by"]), "")
    assert version["records"]["records"] == 3
    assert version["records"]["current"] == 2
    assert later.startswith("incoming/orders/later.csv version ")


def test_rows_of_an_older_contract_are_not_open(region: Region, ops: Operator) -> None:
    file = put(region, KEY, HEADER + order("1", "many"))
    region.client("dynamodb").update_item(
        TableName=region.table,
        Key=Key(file.record_id(1), file.timestamp).attributes,
        UpdateExpression="SET contractVersion = :older",
        ExpressionAttributeValues={":older": {"N": "0"}},
    )

    ops("rejected", KEY)

    assert len(list(rows_with_status(region, "REJECTED", Key(file.id, file.timestamp)))) == 1
    assert "no rejected row" in ops.err


def test_rows_come_in_their_order_with_code_field_and_reason(region: Region, ops: Operator) -> None:
    rows = [order(str(number), "many" if number % 7 == 0 else 1) for number in range(1, 250)]
    put(region, KEY, HEADER + "".join(rows))

    ops("rejected", KEY, "--json")

    found = [json.loads(line) for line in ops.out.splitlines()]
    assert [each["row"] for each in found] == list(range(7, 250, 7))
    assert found[0]["ingestion:code"] == "WRONG_TYPE"
    assert found[0]["ingestion:reason"] == (
        'quantity is "many"; expected a whole number of at least 1, for example 2'
    )


def test_the_rows_of_a_file_that_is_gone_are_as_their_items_have_them(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    out = tmp_path / "rejected.csv"
    file = put(region, KEY, HEADER + order("1") + order("2", "many"))
    region.client("s3").delete_object(Bucket=region.bucket, Key=KEY, VersionId=file.version)

    assert ops("rejected", KEY, "--out", out) == 0

    head, row = out.read_text().splitlines()
    assert head == "ingestion:corrects,ingestion:line,ingestion:code,ingestion:reason"
    assert row.endswith(order("2", "many").strip())
    assert "the object is gone" in ops.err


def test_rejected_rows_that_are_not_found_are_counted(region: Region, ops: Operator) -> None:
    file = put(region, KEY, HEADER + order("1", "many") + order("2", "many"))
    region.client("dynamodb").delete_item(
        TableName=region.table, Key=Key(file.record_id(1), file.timestamp).attributes
    )

    ops("rejected", KEY)

    assert "1 more are erased, expired, or not indexed yet" in ops.err
    assert ops("file", KEY) == 1


@pytest.mark.parametrize(
    ("key", "name"), [(KEY, "r.json"), ("orders/a.json", "r.csv"), (KEY, "r"), (KEY, "r.csv.gz")]
)
def test_a_name_in_another_format_is_refused(
    ops: Operator, tmp_path: Path, key: str, name: str
) -> None:
    assert ops("rejected", key, "--out", tmp_path / name) == 3

    assert "give --out a name that ends in ." in ops.err


def test_rows_of_a_file_of_json_lines_can_have_its_ending(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    put(region, "orders/a.jsonl", '{"id": "1"}')

    assert ops("rejected", "orders/a.jsonl", "--out", tmp_path / "r.jsonl") == 0

    assert "s3://incoming/orders/a-corrected.jsonl" in ops.err


def test_of_a_file_that_failed_the_whole_is_to_be_sent_again(region: Region, ops: Operator) -> None:
    put(region, KEY, 'id"\n')

    ops("rejected", KEY)

    assert "FAILED: correct the file and send it again" in ops.err


def test_a_file_that_exists_is_not_replaced_unasked(
    region: Region, ops: Operator, tmp_path: Path
) -> None:
    out = tmp_path / "rejected.csv"
    out.write_text("mine")
    put(region, KEY, HEADER + order("1", "many"))

    assert ops("rejected", KEY, "--out", out) == 3
    assert out.read_text() == "mine"
    assert ops("rejected", KEY, "--out", out, "--yes") == 0
    assert "many" in out.read_text()


def test_files_are_listed_the_newest_first_with_their_counts(region: Region, ops: Operator) -> None:
    first = put(region, KEY, HEADER + order("1") + order("2", "many"))
    put(region, "stock/levels.csv", "a,b\n1,2\n")

    def listed(*options: str) -> list[str]:
        assert ops("files", *options, "--json") == 0
        return [json.loads(line)["recordId"] for line in ops.out.splitlines()]

    assert len(listed()) == 2
    assert listed("--dataset", "orders") == [first.id]
    assert listed("--status", "FAILED") == []
    assert len(listed("--limit", "1")) == 1
    assert listed("--since", "2199-01-01") == []
    assert len(listed("--since", first.timestamp.replace(".000", ""))) == 2
    assert listed("--dataset", "orders", "--status", "COMPLETED") == [first.id]
    ops("files", "--dataset", "orders")
    assert "COMPLETED  orders  2  1  1  incoming/orders/2026/a.csv" in ops.out


def test_a_file_that_s3_denied_and_returned_later_has_the_entry_of_its_own_time(
    region: Region, ops: Operator
) -> None:
    file = files.put(region, KEY, (HEADER + order("1")).encode())
    denied = Key(file.id, "2030-01-01T00:00:00.000Z").attributes | {"status": {"S": "FAILED"}}
    region.client("dynamodb").put_item(TableName=region.table, Item=denied)
    process(region, file)

    assert ops("file", KEY) == 0
