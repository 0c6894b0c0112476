"""The demo's report as data, for programs: ``build/demo.json``."""

from collections.abc import Mapping, Sequence
from typing import Any

from local.demo.correction_round import Round
from local.demo.file_outcome import Outcome
from local.demo.marks import mark
from local.demo.report import ROW_COUNTS


def report(outcomes: Sequence[Outcome], correction: Round | None = None) -> dict[str, Any]:
    """Return it all as data: ``right`` if everything is as expected, and the counts of ``files``.

    ``correction`` has the files of the correction round, if there was one, and what must hold.
    """
    files = [_file_report(outcome) for outcome in outcomes]
    is_right = not any(file["differences"] for file in files)
    if correction is None:
        return {"right": is_right, "files": files}
    sent = [_file_report(outcome) for outcome in correction.outcomes]
    facts = [{**fact._asdict(), "holds": fact.holds} for fact in correction.facts]
    return {
        "right": is_right and correction.is_right,
        "files": files,
        "correction": {"command": correction.command, "files": sent, "facts": facts},
    }


def _file_report(outcome: Outcome) -> dict[str, Any]:
    stored = outcome.delivery.stored
    return {
        "key": stored.key,
        "bucket": stored.bucket,
        "version": stored.version,
        "region": stored.region,
        "fileId": stored.id,
        "status": outcome.status,
        **{name: outcome.rows(name) for name in ROW_COUNTS},
        "mark": mark(outcome).meaning,
        "superseded": {region: len(rows) for region, rows in outcome.superseded.items()},
        "items": {region: census.records for region, census in outcome.census.items()},
        "recordEvents": dict(outcome.announced),
        "fileEvents": len(outcome.file_statuses),
        "deadLetters": outcome.dead_letters,
        "readableAfterSeconds": _rounded(outcome.readable_after_s),
        "rejectedFor": dict(outcome.at_origin.reasons),
        "failure": outcome.failure,
        "differences": outcome.differences(),
    }


def _rounded(seconds: Mapping[str, float | None]) -> dict[str, float | None]:
    return {region: s if s is None else round(s, 3) for region, s in seconds.items()}
