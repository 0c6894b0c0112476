"""Both values of the setting ``statusIndex``, with the processor's own items."""

import json
from collections.abc import Mapping

import pytest

from ops import items
from ops.region import Region
from ops.status_index import with_status
from services.processor.runtime.corrections import CORRECTS, reference
from services.processor.runtime.keys import StatusIndex, accepted_shard, shard
from tests.adapters.ops.product import HEADER, Operator, order, process, put

ALL, EXCEPTIONS = StatusIndex
ROWS = [order("1001"), order("1002"), order("1003", quantity=0)]
FILE = HEADER + "".join(ROWS)
# What the stack of a region says of itself.
OUTPUTS = {
    "IngestionBucketName": "incoming",
    "TableName": "records",
    "EventBusName": "bus",
}


def found(region: Region, status: str) -> set[str]:
    return {item["recordId"]["S"] for item in with_status(region, status)}


def stack_with(region: Region, setting: StatusIndex) -> Region:
    return Region(region._session, region.name, {**OUTPUTS, "StatusIndex": setting})  # noqa: SLF001


@pytest.mark.parametrize(
    ("setting", "accepted"), [(ALL, {"orders:1001", "orders:1002"}), (EXCEPTIONS, set())]
)
def test_accepted_rows_are_in_the_index_as_the_setting_says_and_all_else_is_always(
    region: Region, setting: StatusIndex, accepted: set[str]
) -> None:
    file = put(region, "orders/a.csv", FILE, indexed=setting)

    assert found(region, "ACCEPTED") == accepted
    assert found(region, "REJECTED") == {f"{file.id}.000000003"}
    assert found(region, "COMPLETED") == {file.id}
    assert {item["recordId"]["S"] for item in items.stored(region)} == {
        *("orders:1001", "orders:1002"),
        *(file.id, f"{file.id}.000000003"),
    }


def test_a_corrected_row_is_found_whatever_the_setting_is(region: Region) -> None:
    file = put(region, "orders/a.csv", FILE, indexed=EXCEPTIONS)
    right = {CORRECTS: reference(file.id, file.timestamp, 3), **json.loads(ORDER)}

    put(region, "orders/b.json", json.dumps([right]), indexed=EXCEPTIONS)

    assert found(region, "CORRECTED") == {f"{file.id}.000000003"}
    assert found(region, "REJECTED") == set()


ORDER = """{"id": "1003", "timestamp": "2026-11-01T10:00:00Z", "amount": 1, "currency": "EUR",
"category": "books", "quantity": 1, "customer": {"id": "c-1", "tier": "gold"}}"""


@pytest.mark.parametrize(("before", "after"), [(ALL, EXCEPTIONS), (EXCEPTIONS, ALL)])
def test_a_file_delivered_again_under_the_other_setting_leaves_its_rows_where_they_are(
    region: Region, before: StatusIndex, after: StatusIndex
) -> None:
    file = put(region, "orders/a.csv", FILE, indexed=before)
    region.client("dynamodb").delete_item(
        TableName=region.table,
        Key={"recordId": {"S": file.id}, "timestamp": {"S": file.timestamp}},
    )
    stored = snapshot(region)

    process(region, file, indexed=after)

    again = snapshot(region)
    assert {name: again[name] for name in stored} == stored


def test_a_newer_content_takes_the_place_that_the_setting_gives_it(region: Region) -> None:
    put(region, "orders/a.csv", FILE, "1", indexed=ALL)

    put(region, "orders/a.csv", HEADER + order("1001", amount="1.00"), "2", indexed=EXCEPTIONS)

    assert found(region, "ACCEPTED") == {"orders:1002"}


def test_rows_accepted_before_there_were_64_shards_are_found_beside_the_others(
    region: Region,
) -> None:
    put(region, "orders/a.csv", HEADER + "".join(order(str(n)) for n in range(200)))
    old = [str(n) for n in range(200) if shard(f"orders:{n}") != accepted_shard(f"orders:{n}")]
    for name in old[: len(old) // 2]:
        region.client("dynamodb").update_item(
            TableName=region.table,
            Key=items.Key(f"orders:{name}", "2026-11-01T10:00:00.000Z").attributes,
            UpdateExpression="SET #shard = :old",
            ExpressionAttributeNames={"#shard": "shard"},
            ExpressionAttributeValues={":old": {"N": str(shard(f"orders:{name}"))}},
        )

    assert found(region, "ACCEPTED") == {f"orders:{n}" for n in range(200)}


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_that_accepted_rows_are_not_listed_and_what_lists_them(
    ops: Operator, region: Region, *, as_json: bool
) -> None:
    put(region, "orders/before.csv", HEADER + order("0"), indexed=ALL)
    put(region, "orders/a.csv", FILE, indexed=EXCEPTIONS)
    ops.region = stack_with(region, EXCEPTIONS)

    assert ops("items", "ACCEPTED", *(["--json"] if as_json else [])) == 2

    assert "statusIndex is exceptions in this stack: accepted rows are not in the index" in ops.err
    assert "ops file KEY --records" in ops.err
    if as_json:
        said, *rows = [json.loads(line) for line in ops.out.splitlines()]
        assert said["statusIndex"] == "exceptions"
        assert said["use"][0].startswith("ops file KEY --records")
        assert [row["recordId"] for row in rows] == ["orders:0"]
    else:
        assert [line.split("  ")[1] for line in ops.out.splitlines()] == ["orders:0"]


@pytest.mark.parametrize("status", ["REJECTED", "COMPLETED", "FAILED", "CORRECTED"])
def test_any_other_status_is_listed_whole_under_both_settings(
    ops: Operator, region: Region, status: str
) -> None:
    ops.region = stack_with(region, EXCEPTIONS)

    assert ops("items", status) == 0
    assert "statusIndex" not in ops.err


@pytest.mark.parametrize("setting", [ALL, None])
def test_a_stack_with_the_whole_index_lists_accepted_rows_and_names_those_it_cannot_know_of(
    ops: Operator, region: Region, setting: StatusIndex | None
) -> None:
    put(region, "orders/a.csv", FILE)
    ops.region = stack_with(region, setting) if setting else region

    assert ops("items", "ACCEPTED") == 0

    assert len(ops.out.splitlines()) == 2
    assert ops.err.splitlines()[-1] == (
        "rows stored while statusIndex was exceptions are not listed"
    )


@pytest.mark.parametrize("setting", StatusIndex)
def test_the_other_commands_answer_alike_under_both_settings(
    ops: Operator, region: Region, setting: StatusIndex
) -> None:
    put(region, "orders/a.csv", FILE, indexed=setting)
    ops.region = stack_with(region, setting)

    assert ops("file", "orders/a.csv", "--records", "--json") == 1  # one row waits for a correction
    [version] = json.loads(ops.out)["versions"]
    assert version["records"]["current"] == 2

    assert ops("files", "--json") == 0
    assert json.loads(ops.out)["rowsAccepted"] == 2

    assert ops("rejected", "orders/a.csv", "--json") == 0
    assert json.loads(ops.out)["row"] == 3

    assert ops("record", "orders", "1001") == 0


def snapshot(region: Region) -> Mapping[str, object]:
    stored = (item for item in items.stored(region) if item["itemType"] == {"S": "RECORD"})
    return {item["recordId"]["S"]: item for item in stored}
