"""Snapshots to show: of a healthy product with files, and variations of it."""

from dataclasses import replace

import naming
from ops.console.activity import Activity, Counts
from ops.console.feed import Snapshot
from ops.console.figures import Figures
from ops.status.ledger import SeenFile
from ops.status.survey import Survey
from tests.unit.ops.status.aws import Aws
from tests.unit.ops.status.seen import seen


def counts(accepted: int = 90, **rejections: int) -> Counts:
    rejected = sum(rejections.values())
    return Counts(
        rows_read=accepted + rejected,
        rows_accepted=accepted,
        rows_rejected=rejected,
        size_bytes=12_000,
        rejections=rejections,
    )


def activity(**files: SeenFile) -> Activity:
    found = tuple(files.values())
    return Activity(files=found, counts={file.id: counts(BAD_FORMAT=10) for file in found})


def snapshot(aws: Aws | None = None, *, lost: str = "", doing: Activity | None = None) -> Snapshot:
    return Snapshot(
        status=Survey(aws or Aws(), lost=lost).look(),
        activity=doing or activity(a=seen("orders/a.csv", "COMPLETED")),
        figures={name: Figures(sums={"EventsPublished": 1234.0}) for name in naming.REGIONS},
        executions=dict.fromkeys(naming.REGIONS, ()),
    )


def with_key(key: str) -> Snapshot:
    file = replace(seen(key, "FAILED", code="NOT_JSON"), message=key, dataset=key)
    return snapshot(doing=activity(a=file))
