"""The tables that ``make simulate`` prints, in Markdown."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

SIZES = (
    *("Records a second", "`statusIndex`", "Warm units: table, index"),
    *("Shards: accepted, rejected", "Functions at once: processor, consumer"),
    *("Mapping: batch, at once", "Quotas: table, Lambda, PutEvents"),
    *("Stored in the simulation", "Refused", "Next wall"),
)
WALLS = ("Limit", "Reached at")
FUNCTIONS = (
    *("Functions", "Limiter", "Stored", "Writes refused", "Writes sent for each stored"),
    "Rows of the slowest function for one of the fastest",
)


def size_rows(found: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    """Yield the cells of each size: its settings, what a run showed, and the next wall."""
    for each in found:
        settings = each["settings"]
        limits, mapping = settings["limits"], settings["consumer"]
        wall = each["walls"][0]
        yield (
            numbers(each["records_per_s"]),
            f"`{each['status_index']}`",
            numbers(limits["warm_units"], limits["warm_index_units"]),
            numbers(settings["accepted_shards"], settings["rejected_shards"]),
            numbers(settings["processor_concurrency"], settings["consumer_concurrency"]),
            numbers(mapping["batch"], mapping["batches_at_once"]),
            numbers(limits["table_units"], limits["concurrency"], limits["put_events"]),
            f"{numbers(each['stored_per_s'])}/s",
            f"{each['refused_share']:.1%}",
            f"{wall['what']}: {numbers(wall['records_per_s'])}/s",
        )


def wall_rows(found: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    """Yield the cells of each limit and the rate at which it is reached."""
    for each in found:
        yield each["what"], f"{numbers(each['records_per_s'])} records/s"


def function_rows(found: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[str]]:
    """Yield the cells of each run of several functions."""
    for each in found:
        yield (
            numbers(each["functions"]),
            "the processor's" if each["is_paced"] else "none",
            f"{numbers(each['stored_per_s'])}/s",
            f"{each['refused_share']:.0%}",
            f"{each['sent_per_row']:.2f}",
            f"{each['slowest_share']:.2f}",
        )


def speeds(values: Mapping[str, Any]) -> str:
    """Return the options by which the speeds were given."""
    return ", ".join(f"`--{name.replace('_', '-')} {value:g}`" for name, value in values.items())


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with aligned columns."""
    cells = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        f"| {' | '.join(text.ljust(width) for text, width in zip(row, widths, strict=True))} |"
        for row in cells
    ]
    rule = f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    return "\n".join([lines[0], rule, *lines[1:]])


def numbers(*values: float) -> str:
    """Return numbers with separated thousands, with commas between them."""
    return ", ".join(f"{round(value):,}" for value in values)
