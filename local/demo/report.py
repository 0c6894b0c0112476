"""The demo's output: the table, the notes below it, what to try next; and a report as JSON."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import naming
from local.demo.file_outcome import IGNORED, Outcome

COLUMNS = 100
NAME_WIDTH = 31
WIDTHS = (6, 9, 9, 10, 10, 7, 8, 5, 5)
HEADS = ("read", "accepted", "rejected", *naming.REGIONS, "events", "letters", "east", "west")
GROUPS = ((24, "rows"), (20, "items in"), (15, "dead"), (10, "seconds"))
ROW_COUNTS = ("rowsRead", "rowsAccepted", "rowsRejected")
NOTHING = "-"
LONG_S = 100
LABEL_WIDTH = 10
REASONS_SHOWN = 2
SECONDS = (
    "seconds   from the start of the upload until the first row can be read "
    f"in {naming.PRIMARY} and {naming.STANDBY}"
)
HINTS = f"""\
The cloud stays up. Try next:
  eval "$(make env)"                      # point aws and boto3 at it
  aws s3 cp samples/orders/orders.csv s3://{{primary}}/orders/mine.csv
  aws s3 cp samples/orders/orders.csv s3://{{standby}}/orders/mine.csv \\
    --region {naming.STANDBY}
  make demo FILES=path/to/your/files      # your own .json and .csv files, the same table
  make down                               # stop it, leave nothing behind"""


def table(parts: Mapping[str, Sequence[Outcome]]) -> str:
    """Return a line for each file under the title of its part, and the totals."""
    lines = ["", " " * NAME_WIDTH + "".join(f"{text:>{width}}" for width, text in GROUPS)]
    lines += [_line("file", HEADS), "-" * COLUMNS]
    for title, outcomes in parts.items():
        lines += [title, *map(_outcome_line, outcomes)]
    counts = [_counts(outcome) for outcomes in parts.values() for outcome in outcomes]
    totals = [f"{sum(column):,}" for column in zip(*counts, strict=True)]
    return "\n".join([*lines, "-" * COLUMNS, _line("total", [*totals, "", ""])])


def _outcome_line(outcome: Outcome) -> str:
    mark = "✗" if outcome.differences() else "✓"
    name = f"{mark} {_shortened(outcome.key, NAME_WIDTH - 2)}"
    if outcome.status == IGNORED:
        return _line(name, [NOTHING] * len(WIDTHS))
    seconds = (_seconds(outcome.readable_after_s[region]) for region in naming.REGIONS)
    return _line(name, [*(f"{count:,}" for count in _counts(outcome)), *seconds])


def _counts(outcome: Outcome) -> tuple[int, ...]:
    return (
        *(outcome.rows(name) for name in ROW_COUNTS),
        *(outcome.census[region].records for region in naming.REGIONS),
        sum(outcome.announced.values()),
        outcome.dead_letters,
    )


def _seconds(after_s: float | None) -> str:
    if after_s is None:
        return NOTHING
    return f"{after_s:.1f}" if after_s < LONG_S else f"{after_s:.0f}"


def _line(name: str, values: Sequence[str]) -> str:
    cells = (f" {value:>{width - 1}}" for value, width in zip(values, WIDTHS, strict=True))
    return f"{name:<{NAME_WIDTH}}{''.join(cells)}".rstrip()


def _shortened(key: str, width: int) -> str:
    """Return the beginning and the end, which say most: the dataset and the file's name."""
    head = width // 3
    return key if len(key) <= width else f"{key[:head]}…{key[head + 1 - width :]}"


def notes(outcomes: Sequence[Outcome]) -> str:
    """Return notes on the table: failures, reasons, mismatches, and the verdict."""
    lines = [note for outcome in outcomes for note in _notes(outcome)]
    return "\n".join(["", *lines, _events(outcomes), SECONDS, "", _verdict(outcomes)])


def _notes(outcome: Outcome) -> Iterator[str]:
    key, failure = outcome.key, outcome.failure
    if failure:
        row = f" at row {failure['row']}" if "row" in failure else ""
        label = "ignored" if outcome.status == IGNORED else "failed"
        yield _note(label, f"{key}: {failure['code']}{row}: {failure['message']}")
    if reasons := outcome.at_origin.reasons:
        yield _note("rejected", f"{key}: {_most_common(reasons)}")
    for difference in outcome.differences():
        yield _note("MISMATCH", f"{key}: {difference}")


def _most_common(reasons: Counter[str]) -> str:
    most_common = reasons.most_common(REASONS_SHOWN)
    shown = [f"{count:,} {reason}" for reason, count in most_common]
    hidden = reasons.total() - sum(count for _, count in most_common)
    return ", ".join([*shown, f"{hidden:,} more"] if hidden else shown)


def _events(outcomes: Sequence[Outcome]) -> str:
    records = sum(sum(outcome.announced.values()) for outcome in outcomes)
    files = sum(len(outcome.file_statuses) for outcome in outcomes)
    return _note("events", f"{records:,} for records, counted above; {files:,} more for files")


def _verdict(outcomes: Sequence[Outcome]) -> str:
    rows = sum(outcome.rows() for outcome in outcomes)
    wrong = [outcome for outcome in outcomes if outcome.differences()]
    if wrong:
        return _note("FAILED", f"{len(wrong)} of {len(outcomes)} files do not match, see above")
    known = all(outcome.delivery.file.expected for outcome in outcomes)
    what = "all counts match" if known else "every row is accounted for"
    return _note("PASSED", f"{what} ({len(outcomes)} files, {rows:,} rows), in both regions")


def _note(label: str, text: str) -> str:
    indent = " " * LABEL_WIDTH
    wrapped = textwrap.fill(text, COLUMNS, initial_indent=indent, subsequent_indent=indent)
    return label + wrapped[len(label) :]


def hints(buckets: Mapping[str, str]) -> str:
    """Return hints on what to try next; ``buckets`` are by region."""
    return HINTS.format(primary=buckets[naming.PRIMARY], standby=buckets[naming.STANDBY])


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the outcomes as data: ``right`` if all counts match, and the counts of ``files``."""
    files = [_file_report(outcome) for outcome in outcomes]
    return {"right": not any(file["differences"] for file in files), "files": files}


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
