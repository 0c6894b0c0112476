"""What a reconciliation finds in a bucket and a table, and what it does not take for a finding."""

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import pytest

from ops import files, items
from ops.findings import Code, Finding
from ops.items import Key
from ops.object_versions import ListedVersion, versions
from ops.reconciliation import Reconciliation
from ops.region import Region
from ops.waiting import wait_for
from services.processor.runtime.corrections import CORRECTS, reference
from tests.adapters.conftest import CachingSession
from tests.adapters.ops.product import HEADER, Operator, order, process, put

KEY = "orders/a.csv"


def found(region: Region, *, rows: bool = True, **options: object) -> list[Finding]:
    """Return all findings of files however young they are."""
    options = {"in_work_s": 0, **options}
    return list(Reconciliation(region, rows=rows, **options).findings())  # type: ignore[arg-type]


def codes(findings: list[Finding]) -> list[tuple[Code, int]]:
    return [(each.code, each.row) for each in findings]


def delete(region: Region, key: Key) -> None:
    region.client("dynamodb").delete_item(TableName=region.table, Key=key.attributes)


def keys(region: Region) -> set[Key]:
    return {items.key_of(item) for item in items.stored(region)}


def a_bit_of_everything(region: Region) -> None:
    rejected = put(region, KEY, HEADER + order("1") + order("2", "many") + order("3", "some"))
    mark = reference(rejected.id, rejected.timestamp, 2)
    put(region, "orders/corrected.csv", f"{CORRECTS},{HEADER}{mark},{order('2')}")
    put(
        region,
        "orders/b.csv",
        HEADER + order("1", amount="1") + order("1", amount="2") + order("4"),
    )
    put(region, "orders/b.csv", HEADER + order("1", amount="3"), sequencer="A")
    put(region, "other/c.json", '{"a": 1}\n{"a": 2}\nno json\n')
    packed = files.put(region, "orders/d.csv.gz", gzip.compress((HEADER + order("9")).encode()))
    process(region, packed)


def test_a_product_in_order_has_no_finding(region: Region) -> None:
    a_bit_of_everything(region)

    assert found(region) == []


def test_each_item_deleted_behind_its_back_is_named_and_nothing_else(region: Region) -> None:
    a_bit_of_everything(region)
    before = {items.key_of(item): item for item in items.stored(region)}

    for key, item in before.items():
        delete(region, key)

        is_file = item["itemType"] == {"S": "FILE"}
        wanted = Code.FILE_MISSING if is_file else Code.ROW_MISSING
        wrong = [each for each in found(region) if each.is_wrong]
        assert {each.code for each in wrong} == {wanted}
        assert {each.key for each in wrong} == {None if is_file else key}
        if is_file:
            assert [each.version.id for each in wrong] == [key.record_id]
        region.client("dynamodb").put_item(TableName=region.table, Item=item)


def test_the_rows_of_a_file_without_ledger_entry_are_looked_up_all_the_same(
    region: Region,
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2") + order("3"), sequencer="00A")
    delete(region, Key(file.id, file.timestamp))
    [of_two] = items.with_id(region, "orders:2")
    delete(region, items.key_of(of_two))

    assert codes(found(region)) == [(Code.FILE_MISSING, 0), (Code.ROW_MISSING, 2)]
    assert codes(found(region, rows=False)) == [(Code.FILE_MISSING, 0)]


def test_a_record_that_only_an_older_file_has_brought_is_missing_from_the_newer_one(
    region: Region,
) -> None:
    put(region, "orders/old.csv", HEADER + order("1", amount="1"), sequencer="A")
    [old] = items.with_id(region, "orders:1")
    new = put(region, "orders/new.csv", HEADER + order("1", amount="2"), sequencer="B")
    region.client("dynamodb").put_item(
        TableName=region.table,
        Item={**old, "precedence": {"S": old["precedence"]["S"].replace("/A/", "/9/")}},
    )

    missing = found(region, prefix="orders/new")

    assert [each.version.id for each in missing] == [new.id]
    assert missing[0].detail == "its record has older contents"


def test_a_young_file_that_is_not_complete_is_in_work_and_a_complete_one_is_compared(
    region: Region,
) -> None:
    files.put(region, "orders/new.csv", HEADER.encode())
    put(region, KEY, HEADER + order("1"))
    [item] = items.with_id(region, "orders:1")
    delete(region, items.key_of(item))

    assert codes(found(region, in_work_s=3600)) == [(Code.ROW_MISSING, 1), (Code.IN_WORK, 0)]
    assert codes(found(region)) == [(Code.ROW_MISSING, 1), (Code.FILE_MISSING, 0)]


def test_a_young_file_with_rows_and_no_entry_has_lost_it(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"))
    # Of two files of one second, either may be the newer one.
    second = int(time.time())
    wait_for(lambda: int(time.time()) > second, "the next second", limit_s=2, poll_s=0.01)
    put(region, "orders/all-replaced.csv", HEADER + order("1"))
    files.put(region, "orders/new.csv", (HEADER + order("3")).encode())
    delete(region, Key(file.id, file.timestamp))
    [item] = items.with_id(region, "orders:2")

    young = found(region, in_work_s=3600)
    assert codes(young) == [(Code.FILE_MISSING, 0), (Code.IN_WORK, 0)]

    delete(region, items.key_of(item))
    # The only record that a newer file has not replaced: now it may as well not have begun.
    assert codes(found(region, in_work_s=3600)) == [(Code.IN_WORK, 0)] * 2


def test_counts_that_do_not_add_up_are_a_finding(region: Region) -> None:
    def change(expression: str, value: dict[str, object]) -> None:
        region.client("dynamodb").update_item(
            TableName=region.table,
            Key=Key(file.id, file.timestamp).attributes,
            UpdateExpression=f"SET {expression} = :value",
            ExpressionAttributeValues={":value": value},
        )

    file = put(region, KEY, HEADER + order("1") + order("2", "many"))
    entry = items.read(region, file.id, file.timestamp)
    for name in ("rowsAccepted", "rowsRejected", "rowsRead", "itemsWritten", "sizeBytes"):
        change(name, {"N": "7"})
        assert Code.COUNTS_DISAGREE in dict(codes(found(region, rows=False))), name
        change(name, entry[name])
    change("rejections", {"M": {}})
    assert codes(found(region, rows=False)) == [(Code.COUNTS_DISAGREE, 0)]
    change("rejections", entry["rejections"])
    assert found(region) == []
    # They agree with each other, and not with the object.
    for name in ("rowsAccepted", "rowsRead", "itemsWritten"):
        change(name, {"N": str(int(entry[name]["N"]) + 5)})
    assert codes(found(region, rows=False)) == []
    assert codes(found(region)) == [(Code.COUNTS_DISAGREE, 0)]


def test_a_failed_file_is_a_finding_until_a_newer_version_is_complete(region: Region) -> None:
    put(region, "other/bad.json", '{"a": 1}\n[1, 2')
    assert codes(found(region)) == [(Code.NOT_COMPLETE, 0)]

    put(region, "other/bad.json", '{"a": 1}')

    [told] = found(region)
    assert told.code is Code.REPLACED
    assert not told.is_wrong


def test_names_for_which_s3_calls_nobody_are_told(region: Region) -> None:
    for key in ("orders/notes.txt", "orders/", "orders/full/", "orders/ok.Csv"):
        file = files.put(region, key, b"" if key == "orders/" else b"id\n1\n")
        if not key.endswith("/"):
            process(region, file)

    told = {each.version.key: each.code for each in found(region)}

    assert told == {
        "orders/": Code.FOLDER,
        "orders/full/": Code.NOT_READ,
        "orders/notes.txt": Code.IGNORED,
    }


def test_delete_markers_are_no_files_and_the_versions_they_hide_are(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1"))
    region.client("s3").delete_object(Bucket=region.bucket, Key=KEY)
    assert found(region) == []

    delete(region, Key(file.id, file.timestamp))

    assert codes(found(region, rows=False)) == [(Code.FILE_MISSING, 0)]


def test_an_entry_under_the_time_of_its_event_is_found(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1"))
    entry = items.read(region, file.id, file.timestamp)
    delete(region, Key(file.id, file.timestamp))
    failed = {
        "status": {"S": "FAILED"},
        "failure": {"M": {"code": {"S": "OBJECT_REFUSED"}, "message": {"S": "denied"}}},
        "timestamp": {"S": "2030-01-01T00:00:00.000Z"},
    }
    region.client("dynamodb").put_item(TableName=region.table, Item={**entry, **failed})

    [finding] = found(region, rows=False)

    assert (finding.code, finding.detail) == (
        Code.NOT_COMPLETE,
        "it is FAILED: OBJECT_REFUSED: denied",
    )


def test_a_version_put_within_the_second_of_since_is_not_left_out(region: Region) -> None:
    file = files.put(region, KEY, HEADER.encode())

    within = file.timestamp.replace(".000Z", ".999Z")
    assert codes(found(region, rows=False, since=within)) == [(Code.FILE_MISSING, 0)]
    assert found(region, rows=False, since="2100-01-01T00:00:00.000Z") == []


def test_the_null_version_of_a_bucket_without_versioning_is_known_by_its_etag(
    region: Region,
) -> None:
    region.client("s3").create_bucket(Bucket="plain")
    outputs = {"IngestionBucketName": "plain", "TableName": region.table}
    plain = Region(CachingSession(), region.name, outputs)
    plain.client("s3").put_object(Bucket="plain", Key=KEY, Body=(HEADER + order("1")).encode())
    [listed] = versions(plain, "")
    assert listed.version_id == "null"
    process(plain, replace(listed, version="null"))

    assert found(plain) == []


def test_erased_records_and_rejected_rows_are_no_finding_until_they_are_sent_again(
    region: Region, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("7") + order("7", "many") + order("8"))
    assert ops("forget", "orders", "7", "--yes") == 0

    assert codes(found(region)) == [(Code.ERASED, 0)]

    with later(region):
        put(region, "orders/z.csv", HEADER + order("7"))
        [item] = items.with_id(region, "orders:7")
        delete(region, items.key_of(item))
        assert codes(found(region, prefix="orders/z")) == [(Code.ROW_MISSING, 1)]


@contextmanager
def later(region: Region) -> Iterator[None]:
    """Let every note about erasures be from long ago."""
    notes = region.client("dynamodb").scan(TableName=region.table)["Items"]
    for note in notes:
        if note["itemType"] == {"S": items.AUDIT}:
            delete(region, items.key_of(note))
            note["timestamp"] = {"S": "2020-01-01T00:00:00.000Z"}
            region.client("dynamodb").put_item(TableName=region.table, Item=note)
    yield


def test_expired_rejected_rows_are_no_finding(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1", "many"))
    delete(region, Key(file.record_id(1), file.timestamp))
    assert codes(found(region)) == [(Code.ROW_MISSING, 1)]

    with patch.object(Region, "rejected_kept_days", 30):
        assert codes(found(region)) == [(Code.ROW_MISSING, 1)]
        with patch("ops.row_check.time.time", return_value=file.stored_at.timestamp() + 31 * 86400):
            assert found(region) == []


def test_a_row_whose_record_dynamodb_refused_is_stored_as_rejected_under_its_own_id(
    region: Region,
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2", "many"))
    [record] = items.with_id(region, "orders:1")
    delete(region, items.key_of(record))
    refused = items.read(region, file.record_id(2), file.timestamp)
    refused["recordId"] = {"S": file.record_id(1)}
    region.client("dynamodb").put_item(TableName=region.table, Item=refused)

    assert found(region) == []


def test_a_correction_whose_mark_is_gone_is_a_finding(region: Region) -> None:
    rejected = put(region, KEY, HEADER + order("1", "many"))
    before = items.read(region, rejected.record_id(1), rejected.timestamp)
    mark = reference(rejected.id, rejected.timestamp, 1)
    put(region, "orders/z.csv", f"{CORRECTS},{HEADER}{mark},{order('1')}")
    assert found(region) == []

    region.client("dynamodb").put_item(TableName=region.table, Item=before)

    assert codes(found(region)) == [(Code.MARK_MISSING, 1)]


def test_rows_processed_with_another_version_of_the_contract_are_undecided_not_missing(
    region: Region,
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"))
    region.client("dynamodb").update_item(
        TableName=region.table,
        Key=Key(file.id, file.timestamp).attributes,
        UpdateExpression="SET contractVersion = :older",
        ExpressionAttributeValues={":older": {"N": "1"}},
    )
    assert found(region) == []
    [item] = items.with_id(region, "orders:1")
    delete(region, items.key_of(item))

    [finding] = found(region)

    assert finding.code is Code.UNDECIDED
    assert "1 of its rows are not found" in finding.detail


def test_an_object_that_cannot_be_read_any_more_is_undecided(region: Region) -> None:
    put(region, KEY, HEADER + order("1"))
    listed = list(versions(region, ""))
    region.client("s3").delete_object(Bucket=region.bucket, Key=KEY, VersionId=listed[0].version_id)

    def lister(_: Region, __: str) -> Iterator[ListedVersion]:
        return iter(listed)

    assert codes(found(region, lister=lister)) == [(Code.UNDECIDED, 0)]


@pytest.mark.parametrize("size", [1, 1024 * 1024])
def test_a_large_file_is_read_in_hundreds_with_the_same_findings(region: Region, size: int) -> None:
    lines = "".join(json.dumps({"n": n}) + "\n" for n in range(250))
    file = put(region, "other/many.json", lines)
    for row in (1, 100, 101, 250):
        delete(region, Key(file.record_id(row), file.timestamp))

    with patch("ops.reconciliation._SMALL_BYTES", size):
        reconciliation = Reconciliation(region, rows=True, in_work_s=0)
        missing = list(reconciliation.findings())

    assert [each.row for each in missing] == [1, 100, 101, 250]
    assert reconciliation.totals.facts == {
        "files": 1,
        "rows": 250,
        "bytes": len(lines),
        "found": {"ROW_MISSING": 4},
    }
