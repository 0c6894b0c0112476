"""Changes that the stream no longer has, looked for in the table: the state that they led to.

An item does not say when it was written, but which file brought it. A file is processed within
hours of being put: Lambda keeps an event for six of them. So the items wanted are those of files
put in that time before the batch, or within it. What was deleted since, or changed once more, or
changed by processing an older file again, is not found. An event's id is a function of the item, so
announcing one that was announced before does no harm.

Reads the whole table once, whatever the number of batches.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import count

from ops.items import Item
from ops.redriving.failed_batch import FailedBatch
from ops.redriving.stream_reader import Change, change_of
from ops.region import Region
from services.processor.runtime.attributes import utc_ms

LOOK_BACK_HOURS = 7
_MOMENT_CHARS = len("2026-01-31T23:59:59.123Z")

Window = tuple[str, str]  # from and to, as timestamps


def windows(batches: Iterable[FailedBatch], look_back_hours: int) -> list[Window]:
    """Return when the files were put whose items may be in the batches, without overlaps."""
    before = timedelta(hours=look_back_hours)
    merged: list[Window] = []
    for since, until in sorted((utc_ms(b.since - before), _end(b)) for b in batches):
        if merged and since <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], until))
        else:
            merged.append((since, until))
    return merged


def _end(batch: FailedBatch) -> str:
    return utc_ms(batch.until + timedelta(seconds=1))  # the stream has whole seconds


def late_changes(
    region: Region, batches: Sequence[FailedBatch], look_back_hours: int
) -> Iterator[Change]:
    """Yield the items that the batches may have announced, as if they had just been created."""
    numbers = count(1)
    for origin in sorted({batch.origin for batch in batches}):
        own = [batch for batch in batches if batch.origin == origin]
        when = windows(own, look_back_hours)
        for item in written(region, origin, when[0][0], when[-1][1]):
            if any(_is_in(moment, when) for moment in moments(item)):
                body = {
                    "NewImage": item,
                    "SequenceNumber": str(next(numbers)),
                    "ApproximateCreationDateTime": own[-1].until.timestamp(),
                }
                record = {"eventName": "INSERT", "dynamodb": body}
                yield change_of(record, own[-1].stream_arn)


def written(region: Region, origin: str, since: str, until: str) -> Iterator[Item]:
    """Yield the items first written in a region by files put from one timestamp to another.

    Others may be among them, see :func:`moments`. Reads the whole table, consistently.
    """
    pages = (
        region.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=region.table,
            ConsistentRead=True,
            FilterExpression=(
                "originRegion = :origin AND (#timestamp BETWEEN :since AND :until"
                " OR precedence BETWEEN :since AND :until"
                " OR correctedBy.precedence BETWEEN :since AND :until)"
            ),
            ExpressionAttributeNames={"#timestamp": "timestamp"},
            ExpressionAttributeValues={
                ":origin": {"S": origin},
                ":since": {"S": since},
                ":until": {"S": f"{until}~"},  # a precedence goes on after the moment
            },
        )
    )
    return (item for page in pages for item in page["Items"])


def moments(item: Item) -> Iterator[str]:
    """Yield when the files were put that made the item what it is."""
    own: Item = item["precedence"] if "precedence" in item else item["timestamp"]
    yield str(own["S"])[:_MOMENT_CHARS]
    if "correctedBy" in item:
        corrected: Item = item["correctedBy"]["M"]["precedence"]
        yield str(corrected["S"])[:_MOMENT_CHARS]


def _is_in(moment: str, when: Sequence[Window]) -> bool:
    return any(since <= moment <= until for since, until in when)
