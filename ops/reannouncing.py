"""Items announced again as they are now, from the table: what their listeners may have missed.

For changes that no stream has any more, or of which nobody knows whether they were announced. An
event's id is a function of its item, so a listener recognises what it has heard. What was deleted
is not found, and of an item that was changed several times the last state is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ops import items
from ops.items import Item
from ops.redriving.announcing import Announcement, announce
from ops.redriving.late_changes import moments, written
from ops.redriving.stream_reader import Change, change_of
from ops.region import Region
from ops.waiting import Pace

# Later than any.
_END = "9999-12-31T23:59:59.999Z"


@dataclass(frozen=True, kw_only=True)
class Again:
    """The items in ``region``'s table that files under ``prefix`` brought, put in a time.

    ``origin`` is the region that they were first written in, and ``region`` the one that announces.
    ``since`` and ``until`` are timestamps, and an empty ``until`` is no limit.
    """

    region: Region
    origin: str
    prefix: str
    since: str
    until: str = ""

    def items(self) -> Iterator[Item]:
        """Yield the items; reads the whole table, a page at a time."""
        until = self.until or _END
        for item in written(self.region, self.origin, self.since, until):
            is_under = item["source"]["M"]["key"]["S"].startswith(self.prefix)
            if is_under and any(self.since <= moment < until for moment in moments(item)):
                yield items.own_attributes(item)

    def announce(self, changes: Iterator[Change], per_second: float) -> Announcement:
        """Have the region's stream consumer publish the changes, a hundred at a time."""
        return announce(self.region, changes, Pace(per_second).wait)

    def changes(self) -> Iterator[Change]:
        """Yield each item as a stream shows one that was just created."""
        table = self.region.client("dynamodb").describe_table(TableName=self.region.table)["Table"]
        stream_arn: str = table["LatestStreamArn"]
        now_s = datetime.now(UTC).timestamp()
        for number, item in enumerate(self.items(), 1):
            body = {
                "NewImage": item,
                "SequenceNumber": str(number),
                "ApproximateCreationDateTime": now_s,
            }
            yield change_of({"eventName": "INSERT", "dynamodb": body}, stream_arn)
