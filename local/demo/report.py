"""The same as the table, for a program."""

from collections.abc import Mapping, Sequence
from typing import Any

from local.demo.checks import differences
from local.demo.outcome import Outcome


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    files = [_file(outcome) for outcome in outcomes]
    return {
        "right": not any(file["differences"] for file in files),
        "files": files,
    }


def _file(outcome: Outcome) -> dict[str, Any]:
    delivery = outcome.delivery
    return {
        "key": delivery.file.key,
        "bucket": delivery.bucket,
        "version": delivery.version,
        "region": delivery.file.region,
        "fileId": delivery.file_id,
        "status": outcome.status,
        "rowsRead": outcome.rows("rowsRead"),
        "rowsAccepted": outcome.rows("rowsAccepted"),
        "rowsRejected": outcome.rows("rowsRejected"),
        "items": {region: census.items for region, census in outcome.census.items()},
        "recordEvents": dict(outcome.announced),
        "fileEvents": outcome.file_events,
        "deadLetters": outcome.dead_letters,
        "readableAfterSeconds": _rounded(outcome.readable_after_s),
        "rejectedFor": dict(outcome.census[delivery.file.region].reasons),
        "failure": outcome.failure,
        "differences": differences(outcome),
    }


def _rounded(seconds: Mapping[str, float | None]) -> dict[str, float | None]:
    return {region: s if s is None else round(s, 3) for region, s in seconds.items()}
