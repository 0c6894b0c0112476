"""Removal of what a plan lists, with a note for auditors that does not repeat the data.

The note is an item of its own without ``originRegion``, so that it is announced nowhere. It has a
hash of the record's id in place of the id, who asked and when, and what was removed.

Objects come first: items say which objects there are, so an interrupted run leaves the items that
the next one needs. There is no tombstone: it would keep the very id that is to be forgotten, and
cost a read for every write. What brings a record back is its file, so remove that.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ops import items
from ops.audit import caller
from ops.erasures import note_id
from ops.forget_plan import HeldBy, Plan
from ops.items import Item, Key
from ops.region import Region
from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.keys import keyed_record_id
from services.processor.runtime.storage.ledger_entry import OTHER_CODES

_ERASED = "erased on request"
_CONDITION_FAILED = "ConditionalCheckFailedException"


def erase(
    region: Region,
    plan: Plan,
    *,
    dataset: str,
    key: Sequence[str],
    bucket_of: Callable[[str, str], Region],
    say: Callable[[str], None],
) -> Key:
    """Remove the plan's objects, then its items; return the key of the note about it.

    The note says ``STARTED`` until all is done. What is gone already is no error.
    """
    note = Key(note_id(keyed_record_id(dataset, key)), utc_ms(datetime.now(UTC)))
    _write(region, note, dataset, plan, "STARTED")
    for held in plan.objects:
        version = held.version
        bucket_of(version.region, version.bucket).client("s3").delete_object(
            Bucket=version.bucket, Key=version.key, VersionId=version.version_id
        )
        say(f"removed {object_line(held)}")
    for item in plan.rejected_rows:
        _note_row(region, item, note, dataset)
        _erase_examples(region, item)
    for item in (*plan.rejected_rows, *plan.record_items):
        of_item = items.key_of(item)
        region.client("dynamodb").delete_item(TableName=region.table, Key=of_item.attributes)
        say(f"removed {item_line(item)}")
    _write(region, note, dataset, plan, "DONE")
    return note


def _erase_examples(region: Region, rejected: Item) -> None:
    """Take the row's message, which quotes it, out of its file's ledger entry if it is there."""
    for code in (rejected["error"]["M"]["code"]["S"], OTHER_CODES):
        _erase_example(region, rejected, code)


def _erase_example(region: Region, rejected: Item, code: str) -> None:
    row_id, timestamp = items.key_of(rejected)
    try:
        region.client("dynamodb").update_item(
            TableName=region.table,
            Key=Key(row_id.partition(".")[0], timestamp).attributes,
            UpdateExpression="SET rejections.#code.#message = :erased",
            ConditionExpression="rejections.#code.#row = :row",
            ExpressionAttributeNames={
                "#code": code,
                "#message": "message",
                "#row": "row",
            },
            ExpressionAttributeValues={
                ":erased": {"S": _ERASED},
                ":row": rejected["source"]["M"]["row"],
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise


def _write(region: Region, note: Key, dataset: str, plan: Plan, outcome: str) -> None:
    counts = {
        "recordItems": len(plan.record_items),
        "rejectedRows": len(plan.rejected_rows),
        "objects": len(plan.objects),
    }
    removed = {"M": {name: {"N": str(count)} for name, count in counts.items()}}
    texts = {"outcome": outcome, "by": caller(region), "region": region.name}
    facts = {name: {"S": text} for name, text in texts.items()}
    _put(region, note, dataset, {**facts, "removed": removed})


def _note_row(region: Region, rejected: Item, note: Key, dataset: str) -> None:
    """Note the removal of a rejected row, so that nobody takes it for lost and brings it back."""
    row_id, _ = items.key_of(rejected)
    _put(region, Key(note_id(row_id), note.timestamp), dataset, {})


def _put(region: Region, note: Key, dataset: str, facts: Item) -> None:
    texts = {"itemType": items.AUDIT, "action": "FORGET", "dataset": dataset}
    said = {name: {"S": text} for name, text in texts.items()}
    region.client("dynamodb").put_item(
        TableName=region.table, Item={**note.attributes, **said, **facts}
    )


def object_line(held: HeldBy) -> str:
    """Return a line that names an object version and says how large it is."""
    version = held.version
    rows = f"{held.rows:,} rows" if held.rows else "no ledger entry"
    return f"s3://{version.bucket}/{version.key} version {version.version} ({rows})"


def item_line(item: Item) -> str:
    """Return a line that names an item and the row that it is from."""
    source: Any = item["source"]["M"]
    place = f"s3://{source['bucket']['S']}/{source['key']['S']} row {source['row']['N']}"
    return f"{item['status']['S']} {' at '.join(items.key_of(item))}, from {place}"
