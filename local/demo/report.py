"""The demo's output: the table, the notes below it, what to try next."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import naming
from local.demo.correction_round import Round
from local.demo.file_outcome import IGNORED, Outcome
from local.demo.functions_python import sentence
from local.demo.marks import LEGEND, WELL, WRONG, mark, worst

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
  make demo FILES="folder other.csv"      # your own .json and .csv files, the same table
  make down                               # stop it and the page, leave nothing behind

See it live, on this machine only:
  {{page}}"""


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
    name = f"{mark(outcome).sign} {_shortened(outcome.key, NAME_WIDTH - 2)}"
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
    """Return notes on the table: failures, reasons, mismatches, and what its columns mean."""
    lines = [note for outcome in outcomes for note in _notes(outcome)]
    return "\n".join(["", *lines, _events(outcomes), SECONDS, LEGEND])


def round_notes(correction: Round) -> str:
    """Return the correction round, step by step: what was sent, and what holds in the end."""
    orders, corrected, *four = correction.outcomes
    lines = [
        *("", "a correction round", _sent([orders], orders.key), f"  {correction.command}"),
        f"  corrected: {correction.corrected}",
        _sent([corrected], corrected.key),
        _sent(four, f"one order {len(four)} times, under two names"),
    ]
    for fact in correction.facts:
        lines.append(_wrapped(f"{(WELL if fact.holds else WRONG).sign} ", fact.what))
        if not fact.holds:
            lines.append(_note("MISMATCH", f"expected {fact.expected}, got {fact.got}"))
    for outcome in correction.outcomes:
        lines += [_note("MISMATCH", f"{outcome.key}: {each}") for each in outcome.differences()]
    return "\n".join(lines)


def _sent(outcomes: Sequence[Outcome], what: str) -> str:
    accepted, rejected = (sum(o.rows(count) for o in outcomes) for count in ROW_COUNTS[1:])
    events = sum(sum(outcome.announced.values()) for outcome in outcomes)
    counts = f"{accepted} accepted, {rejected} rejected, {events} announced"
    return f"{worst(outcomes).sign} sent {what}: {counts}"


def python_note(pythons: Mapping[str, Sequence[str]]) -> str:
    """Return a note on the versions of Python that each function has told."""
    return _note("python", sentence(pythons))


def verdict(outcomes: Sequence[Outcome], correction: Round | None) -> str:
    """Return one line: whether everything is as expected, be it good or bad."""
    rows = sum(outcome.rows() for outcome in outcomes)
    wrong = [outcome for outcome in outcomes if outcome.differences()]
    if wrong or (correction and not correction.is_right):
        files = f"{len(wrong)} of {len(outcomes)} files do not match"
        what = f"{files if wrong else 'the correction round does not match'}, see MISMATCH above"
        return _note("VERDICT", f"NOT as expected: {what}")
    known = all(outcome.delivery.file.expected for outcome in outcomes)
    what = "all counts match" if known else "every row is accounted for"
    text = f"as expected: {what} ({len(outcomes)} files, {rows:,} rows), in both regions"
    return _note("VERDICT", text)


def _notes(outcome: Outcome) -> Iterator[str]:
    key, failure = outcome.key, outcome.failure
    if failure:
        row = f" at row {failure['row']}" if "row" in failure else ""
        label = "ignored" if outcome.status == IGNORED else "failed"
        yield _note(label, f"{key}: {failure['code']}{row}: {failure['message']}")
    if reasons := outcome.at_origin.reasons:
        yield _note("rejected", f"{key}: {_most_common(reasons)}")
    if replaced := len(outcome.superseded[outcome.delivery.file.region]):
        text = f"{key}: {replaced:,} of its records are from a newer row or file by now"
        yield _note("replaced", text)
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


def _note(label: str, text: str) -> str:
    return _wrapped(f"{label:<{LABEL_WIDTH}}", text)


def _wrapped(head: str, text: str) -> str:
    return textwrap.fill(text, COLUMNS, initial_indent=head, subsequent_indent=" " * len(head))


def hints(buckets: Mapping[str, str], page: str) -> str:
    """Return hints on what to try next, and the page's address; ``buckets`` are by region."""
    return HINTS.format(primary=buckets[naming.PRIMARY], standby=buckets[naming.STANDBY], page=page)
