"""What is to be said below the table: failures, reasons, differences, the verdict."""

import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from local.demo.checks import differences
from local.demo.files import PRIMARY, STANDBY
from local.demo.outcome import NO_ACCOUNT, Outcome
from local.demo.table import COLUMNS

LABEL_WIDTH = 10
REASONS_SHOWN = 2
SECONDS = """\
seconds   from the start of the upload until the first row can be read in us-east-1 and us-west-2"""
HINTS = """\
The cloud stays up. Try next:
  eval "$(make env)"                      # point aws and boto3 at it
  aws s3 cp samples/orders/orders.csv s3://{primary}/orders/mine.csv
  aws s3 cp samples/orders/orders.csv s3://{standby}/orders/mine.csv \\
    --region us-west-2
  make demo FILES=path/to/your/files      # your own .json and .csv, the same table
  make down                               # stop it, leave nothing behind"""


def hints(buckets: Mapping[str, str]) -> str:
    """What to try next with the buckets of the regions, by their names."""
    return HINTS.format(primary=buckets[PRIMARY], standby=buckets[STANDBY])


def notes(outcomes: Sequence[Outcome]) -> str:
    lines = [note for outcome in outcomes for note in _notes(outcome)]
    return "\n".join(["", *lines, _events(outcomes), SECONDS, "", _verdict(outcomes)])


def _notes(outcome: Outcome) -> Iterator[str]:
    key = outcome.delivery.file.key
    if outcome.status == NO_ACCOUNT:
        yield _note("ignored", f"{key}: its name ends in neither .json nor .csv")
    if outcome.failure:
        row = f" at row {outcome.failure['row']}" if "row" in outcome.failure else ""
        text = f"{key}: {outcome.failure['code']}{row}: {outcome.failure['message']}"
        yield _note("failed", text)
    if reasons := outcome.census[outcome.delivery.file.region].reasons:
        yield _note("rejected", f"{key}: {_most_common(reasons)}")
    for difference in differences(outcome):
        yield _note("DIFFERS", f"{key}: {difference}")


def _most_common(reasons: Counter[str]) -> str:
    shown = [f"{count:,} {reason}" for reason, count in reasons.most_common(REASONS_SHOWN)]
    hidden = reasons.total() - sum(count for _, count in reasons.most_common(REASONS_SHOWN))
    return ", ".join([*shown, f"{hidden:,} more"] if hidden else shown)


def _note(label: str, text: str) -> str:
    indent = " " * LABEL_WIDTH
    wrapped = textwrap.fill(text, COLUMNS, initial_indent=indent, subsequent_indent=indent)
    return label + wrapped[len(label) :]


def _events(outcomes: Sequence[Outcome]) -> str:
    records = sum(sum(outcome.announced.values()) for outcome in outcomes)
    files = sum(outcome.file_events for outcome in outcomes)
    return _note("events", f"{records:,} of records are counted above; {files:,} more of files")


def _verdict(outcomes: Sequence[Outcome]) -> str:
    rows = sum(outcome.rows() for outcome in outcomes)
    wrong = [outcome for outcome in outcomes if differences(outcome)]
    if wrong:
        return _note("WRONG", f"{len(wrong)} of {len(outcomes)} files differ, see above")
    known = all(outcome.delivery.file.expected for outcome in outcomes)
    what = "every count is as it must be" if known else "every row is accounted for"
    return _note("RIGHT", f"{what} ({len(outcomes)} files, {rows:,} rows), in both regions")
