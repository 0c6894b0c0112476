"""A marker that is written in one region and read in the other: proof that replication works.

There is one for each region. Without ``originRegion`` no consumer announces it, and as a note it is
no record.
"""

import time
import uuid

from ops import items
from ops.items import Key
from ops.region import Region
from ops.waiting import wait_for
from services.processor.runtime.keys import NO_TIME

_POLL_S = 0.2


def replicate(source: Region, target: Region, *, limit_s: float) -> float:
    """Write the source's marker and wait until the target has it; return how long that took, in s.

    Raises:
        WaitError: it did not arrive within ``limit_s``.

    """
    key, content = Key(f"replication-marker.{source.name}", NO_TIME), {"S": uuid.uuid4().hex}
    started_s = time.monotonic()
    source.client("dynamodb").put_item(
        TableName=source.table,
        Item={
            **key.attributes,
            "itemType": {"S": items.AUDIT},
            "action": {"S": "REPLICATION_MARKER"},
            "content": content,
        },
    )
    wait_for(
        lambda: items.read(target, *key).get("content") == content,
        f"the marker of {source.name} in {target.name}",
        limit_s=limit_s,
        poll_s=_POLL_S,
    )
    return time.monotonic() - started_s
