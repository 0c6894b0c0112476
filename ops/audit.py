"""The operator's audit record: who did what to the deployment, when, why, and how it ended.

An act is an item of the table without ``originRegion``, so no consumer announces it, and of the
type of the notes about erased records, so nobody takes it for a record. All acts have one id, so
one query lists them. They are for people only: no command decides by them what is to be done.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from ops import items
from ops.errors import DENIED
from ops.items import Item, Key
from ops.region import Region
from services.processor.runtime.attributes import utc_ms
from services.processor.runtime.keys import NOTES

# Notes about erased records have hexadecimal digits behind the colon.
ACTS = f"{NOTES}:acts"
_CONDITION_FAILED = "ConditionalCheckFailedException"


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something an operator does; ``facts`` are texts, and empty ones are left out."""

    action: str
    facts: Mapping[str, str]
    reason: str = ""


@contextmanager
def noted(region: Region, act: Act) -> Iterator[None]:
    """Note the act as ``STARTED``, then as ``DONE``, or as ``FAILED`` with the error.

    A process that is killed leaves ``STARTED`` behind. If the last note cannot be written, the
    block's own error is raised all the same.
    """
    by = caller(region)
    key = _start(region, act, by)
    try:
        yield
    except BaseException as error:
        ended = {"outcome": "FAILED", "error": f"{type(error).__name__}: {error}".rstrip(": ")}
        try:
            _put(region, key, act, by, ended)
        except Exception as second:  # noqa: BLE001  # the first one says what is wrong
            error.add_note(f"the audit record was not ended: {second}")
        raise
    _put(region, key, act, by, {"outcome": "DONE"})


def acts(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield every act with plain values, the oldest first, from a consistent read."""
    return map(items.plain, items.with_id(region, ACTS))


def erasures(region: Region) -> Iterator[Mapping[str, Any]]:
    """Yield the notes about erased records, in no particular order; reads the whole table."""
    pages = (
        region.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=region.table,
            FilterExpression="itemType = :audit AND #action = :forget",
            ExpressionAttributeNames={"#action": "action"},
            ExpressionAttributeValues={":audit": {"S": items.AUDIT}, ":forget": {"S": "FORGET"}},
            ConsistentRead=True,
        )
    )
    return (items.plain(item) for page in pages for item in page["Items"])


def caller(region: Region) -> str:
    """Return the ARN of the identity that the region's calls are made with."""
    try:
        return str(region.client("sts").get_caller_identity()["Arn"])
    except ClientError as error:
        if error.response["Error"]["Code"] in DENIED:
            return "unknown (STS denied the call)"
        raise


def _start(region: Region, act: Act, by: str) -> Key:
    """Note the start, at a moment that no other act has, so that no act replaces another one."""
    while True:
        key = Key(ACTS, utc_ms(datetime.now(UTC)))
        try:
            _put(region, key, act, by, {"outcome": "STARTED"}, anew=True)
        except ClientError as error:
            if error.response["Error"]["Code"] != _CONDITION_FAILED:
                raise
        else:
            return key


def _put(
    region: Region,
    key: Key,
    act: Act,
    by: str,
    outcome: Mapping[str, str],
    *,
    anew: bool = False,
) -> None:
    texts = {
        **act.facts,
        "itemType": items.AUDIT,
        "action": act.action,
        "by": by,
        "region": region.name,
        "reason": act.reason,
        **outcome,
    }
    item: Item = {name: {"S": text} for name, text in texts.items() if text}
    condition = {"ConditionExpression": "attribute_not_exists(recordId)"} if anew else {}
    region.client("dynamodb").put_item(
        TableName=region.table, Item={**key.attributes, **item}, **condition
    )
