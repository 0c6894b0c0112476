"""The one table of the demo: at most 100 columns, numbers at the right."""

from collections.abc import Iterator, Mapping, Sequence

from local.demo.checks import differences
from local.demo.files import PRIMARY, STANDBY
from local.demo.outcome import NO_ACCOUNT, Outcome

COLUMNS = 100
NAME_WIDTH = 31
WIDTHS = (6, 9, 9, 10, 10, 7, 8, 5, 5)
HEADS = ("read", "accepted", "rejected", PRIMARY, STANDBY, "events", "letters", "east", "west")
GROUPS = ((24, "rows"), (20, "items in"), (15, "dead"), (10, "seconds"))
NOTHING = "-"
LONG_S = 100


def table(parts: Mapping[str, Sequence[Outcome]]) -> str:
    """A line for each file under the title of its part, and the sum of all."""
    lines = ["", " " * NAME_WIDTH + "".join(f"{text:>{width}}" for width, text in GROUPS)]
    lines += [_line("file", HEADS), "-" * COLUMNS]
    for title, outcomes in parts.items():
        lines += [title, *map(_outcome_line, outcomes)]
    every = [outcome for outcomes in parts.values() for outcome in outcomes]
    totals = zip(*(_counts(outcome) for outcome in every), strict=True)
    sums = [f"{sum(column):,}" for column in totals]
    return "\n".join([*lines, "-" * COLUMNS, _line("all", [*sums, "", ""])])


def _outcome_line(outcome: Outcome) -> str:
    mark = "✗" if differences(outcome) else "✓"
    name = f"{mark} {_shortened(outcome.delivery.file.key, NAME_WIDTH - 2)}"
    if outcome.status == NO_ACCOUNT:
        return _line(name, [NOTHING] * len(WIDTHS))
    return _line(name, [*(f"{count:,}" for count in _counts(outcome)), *_seconds(outcome)])


def _counts(outcome: Outcome) -> tuple[int, ...]:
    return (
        outcome.rows("rowsRead"),
        outcome.rows("rowsAccepted"),
        outcome.rows("rowsRejected"),
        outcome.census[PRIMARY].items,
        outcome.census[STANDBY].items,
        sum(outcome.announced.values()),
        outcome.dead_letters,
    )


def _seconds(outcome: Outcome) -> Iterator[str]:
    for region in (PRIMARY, STANDBY):
        after_s = outcome.readable_after_s[region]
        yield (
            NOTHING
            if after_s is None
            else f"{after_s:.1f}"
            if after_s < LONG_S
            else f"{after_s:.0f}"
        )


def _line(name: str, values: Sequence[str]) -> str:
    cells = (f" {value:>{width - 1}}" for value, width in zip(values, WIDTHS, strict=True))
    return f"{name:<{NAME_WIDTH}}{''.join(cells)}".rstrip()


def _shortened(key: str, width: int) -> str:
    """The beginning and the end, which say most: the dataset and the file's name."""
    head = width // 3
    return key if len(key) <= width else f"{key[:head]}…{key[head + 1 - width :]}"
