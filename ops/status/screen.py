"""The status as text: a line for each question, always in the same place, and the verdict.

A state is a word first, and only then a colour. Names of files are shown without what a terminal
would obey.
"""

from collections.abc import Iterator, Sequence

import click

import naming
from ops.progress import printable
from ops.status.lines import Line, State, verdict
from ops.status.status import Status

_MARKS = {State.OK: "ok", State.ATTENTION: "ATTENTION", State.UNKNOWN: "unknown"}
_COLOURS = {State.OK: "green", State.ATTENTION: "red", State.UNKNOWN: "yellow"}
_WIDTH = max(map(len, _MARKS.values()))


def screen(status: Status) -> str:
    """Return the status as one screen of text; colours are for a terminal to show or to drop."""
    sections = [("both regions", status.of("")), *((r, status.of(r)) for r in naming.REGIONS)]
    return sectioned(sections)


def sectioned(sections: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """Return the lines of each section below its title, and the verdict over all of them."""
    rows = [row for title, lines in sections for row in _section(title, lines)]
    return "\n".join([*rows, "", _verdict([line for _, lines in sections for line in lines])])


def sentence(lines: Sequence[Line]) -> str:
    """Return the verdict in a sentence."""
    counts = {state: sum(line.state is state for line in lines) for state in State}
    parts = []
    if needing := counts[State.ATTENTION]:
        parts.append(f"{needing} need{'s' if needing == 1 else ''} attention")
    if unknown := counts[State.UNKNOWN]:
        parts.append(f"{unknown} {'is' if unknown == 1 else 'are'} unknown")
    good = f"{counts[State.OK]} of {len(lines)} ok"
    return f"{' and '.join(parts)}; {good}" if parts else f"all {len(lines)} are ok"


def _section(title: str, lines: Sequence[Line]) -> Iterator[str]:
    yield click.style(title, bold=True)
    for line in lines:
        mark = click.style(f"{_MARKS[line.state]:<{_WIDTH}}", fg=_COLOURS[line.state])
        yield f"  {mark}  {line.about:<15}  {printable(line.says)}"
        for command in line.next.splitlines():
            yield f"  {'':<{_WIDTH}}  {'':<15}  -> {command}"


def _verdict(lines: Sequence[Line]) -> str:
    state = verdict(lines)
    mark = click.style(_MARKS[state], fg=_COLOURS[state], bold=True)
    return f"{mark}: {sentence(lines)}"
