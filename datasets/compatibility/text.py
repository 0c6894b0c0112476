"""The changes in the data for a terminal."""

from collections.abc import Iterator

from datasets.compatibility.comparison import DataComparison, DatasetChange
from datasets.compatibility.constraints import shown

TITLE = "What changes in the data"


def text(compared: DataComparison) -> str:
    """Return a line for each dataset, with what becomes of rows, and a few of them."""
    return "\n".join([TITLE, *_lines(compared)])


def _lines(compared: DataComparison) -> Iterator[str]:
    if compared.not_compared:
        yield f"  not compared: {compared.not_compared}"
        return
    if compared.of_bucket:
        yield f"  with {compared.of_bucket}; rows of them are shown below"
    for each in compared.datasets:
        yield from _dataset(each)


def _dataset(change: DatasetChange) -> Iterator[str]:
    rows = f"{_rows(change.rows)} compared"
    yield f"  {change.dataset}: " + {
        "new": "a new dataset; its files were stored without a contract before, or not at all",
        "removed": "removed",
        "edited": f"edited, with the same result for each of {rows}",
        "same": f"unchanged, {rows}",
    }.get(change.state, f"changed, {rows}")
    for name, (before, after) in (*change.declared.items(), *change.asked.items()):
        yield f"    {name}: {shown(before)} before, {shown(after)} now"
    for words in change.broken_fields:
        yield f"    breaks listeners: {words}"
    # Of what had no contract, nothing was refused and nothing had a form.
    for difference in change.differences if change.before else ():
        yield f"    {_rows(difference.rows)} {difference.kind}"
        for case in difference.cases:
            alike = f", and {_rows(case.alike)} more alike" if case.alike else ""
            yield f"      {case.origin}{alike}: {case.row}"
            yield f"        before  {case.before}"
            yield f"        now     {case.after}"


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
