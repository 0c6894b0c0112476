"""A ledger entry comes back as it was saved; one that another version saved never breaks a run."""

import json
from typing import Any, Final

from fuzzing.targets.choices import Choices
from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage import ledger_attributes as attributes
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Rejections

MOST_ROWS: Final = 10**9
CODES: Final = ("MISSING_FIELD", "INVALID_UTF8", "ROW_TOO_LARGE")
FILE: Final = SourceFile(
    bucket="bucket",
    key="orders/a.csv",
    version="v1",
    timestamp="2026-11-22T08:00:00.000Z",
    size_bytes=1 << 40,
    dataset="orders",
    contract_version=2,
    origin_region="us-east-1",
)
SEEDS: Final = [bytes(range(64)), b"\1" * 40, b"\xff" * 60 + b'{"resumePoint": {"M": {}}}']


def check(data: bytes) -> None:
    """Save an entry and read it; then read it with one value changed."""
    choices = Choices(data)
    entry = _entry(choices)
    stored: dict[str, Any] = dict(attributes.encoded(entry, FILE))
    assert attributes.counts(stored) == entry.counts
    point = attributes.resume_point(stored, FILE)
    if entry.resume and entry.resume.byte < FILE.size_bytes:
        assert point == (entry.resume if entry.resume.row <= entry.counts.rows_read + 1 else None)
    _check_damaged(stored, choices)


def _check_damaged(stored: dict[str, Any], choices: Choices) -> None:
    """Any value that DynamoDB can hold in a point's place: the point, or none."""
    if "resumePoint" not in stored:
        return
    name = choices.one_of(("row", "byte", "line", "column", "indentation", "contractVersion", ""))
    value = choices.one_of(
        (
            {"N": str(choices.number(1 << 62) - (1 << 61))},
            {"N": "1E+30"},
            {"S": choices.text(40)},
            {"NULL": True},
            {"M": {}},
        )
    )
    damaged = json.loads(json.dumps(stored["resumePoint"]))
    if name:
        damaged["M"][name] = value
    else:
        damaged = value
    found = attributes.resume_point({**stored, "resumePoint": damaged}, FILE)
    if found:
        assert 0 < found.row <= int(stored["rowsRead"]["N"]) + 1
        assert 0 <= found.byte < FILE.size_bytes


def _entry(choices: Choices) -> Entry:
    rejections = {
        code: Rejections(
            rows=1 + choices.number(1000),
            row=1 + choices.number(MOST_ROWS),
            line=1 + choices.number(MOST_ROWS),
            message=choices.text(200),
            field=choices.text(30) or None,
        )
        for code in CODES[: choices.number(len(CODES) + 1)]
    }
    counts = Counts().plus(accepted=choices.number(MOST_ROWS), rejected=rejections, written=0)
    failure = Failure("OUT_OF_TIME", choices.text(200)) if choices.number(2) else None
    return Entry("SUSPENDED", counts, failure, resume=_point(choices))


def _point(choices: Choices) -> ResumePoint | None:
    if not choices.number(4):
        return None
    return ResumePoint(
        row=1 + choices.number(MOST_ROWS),
        byte=choices.number(1 << 41),
        line=1 + choices.number(MOST_ROWS),
        column=1 + choices.number(1 << 16),
        indentation=b" " * choices.number(9),
    )
