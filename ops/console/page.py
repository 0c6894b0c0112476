"""The page: HTML that needs nothing else, the same in a file and live.

Whatever comes from outside, such as the name of a file, is escaped. The parts of the live page are
replaced by those of the next snapshot where they differ; ``page.js`` does that and nothing else.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment

import naming
from ops.console.activity import MOST_FILES
from ops.console.feed import EVERY_S, Snapshot
from ops.page_templates import templates_in
from ops.status.lines import Line, State
from ops.status.screen import sentence
from ops.status.status import SILENT, Status
from ops.status.words import ago, span

SHOWN_FILES = 14
# In the drawing of the throughput.
_WIDTH, _HEIGHT = 240, 48
_FOLDER = Path(__file__).parent


def page(snapshot: Snapshot | None, *, live: bool, nonce: str = "") -> str:
    """Return the whole page; a live one asks for its parts, a file has no script at all."""
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            parts=parts(snapshot),
            title=_title(snapshot),
            style=(_FOLDER / "page.css").read_text(),
            script=(_FOLDER / "page.js").read_text() if live else "",
            nonce=nonce,
            every_ms=round(EVERY_S * 1000),
        )
    )


def parts(snapshot: Snapshot | None) -> str:
    """Return what changes from look to look; before the first one, that it is being taken."""
    if snapshot is None:
        return _environment().get_template("waiting.html.j2").render()
    status = snapshot.status
    return (
        _environment()
        .get_template("parts.html.j2")
        .render(
            snapshot=snapshot,
            status=status,
            title=_title(snapshot),
            sentence=sentence(status.lines),
            urgent=[line for line in status.lines if line.state is State.ATTENTION],
            unclear=[line for line in status.lines if line.state is State.UNKNOWN],
            regions=naming.REGIONS,
            primary=naming.PRIMARY,
            silent=_silent(status),
            questions=_questions(status),
            shown=snapshot.activity.files[:SHOWN_FILES],
            more=max(0, len(snapshot.activity.files) - SHOWN_FILES),
            most=MOST_FILES,
            curve=curve([rate.total for rate in snapshot.rates]),
        )
    )


def curve(values: Sequence[float]) -> str:
    """Return the points of a line through values, the newest at the right edge; 0 is at the foot.

    The drawing is 240 wide and 48 high.
    """
    top = max(values, default=0) or 1
    step = _WIDTH / max(len(values) - 1, 1)
    first = _WIDTH - step * (len(values) - 1)
    return " ".join(
        f"{first + step * n:.1f},{_HEIGHT - 2 - (_HEIGHT - 4) * value / top:.1f}"
        for n, value in enumerate(values)
    )


def _silent(status: Status) -> dict[str, str]:
    """Return what is said of each region that answers nothing."""
    lines = [line for line in status.lines if line.about == SILENT]
    return {line.region: line.says for line in lines}


def _questions(status: Status) -> dict[str, dict[str, Line]]:
    """Return the lines of both regions by their subject, in the order of a region that has all."""
    table: dict[str, dict[str, Line]] = {}
    for region in sorted(naming.REGIONS, key=lambda name: -len(status.of(name))):
        for line in status.of(region):
            if line.about != SILENT:
                table.setdefault(line.about, {})[region] = line
    return table


def _title(snapshot: Snapshot | None) -> str:
    words = {State.OK: "All ok", State.ATTENTION: "Attention", State.UNKNOWN: "Unknown"}
    return words[snapshot.status.verdict] if snapshot else "Looking"


@cache
def _environment() -> Environment:
    environment = templates_in(_FOLDER)
    environment.filters |= {
        "count": lambda number: f"{number:,}",
        "rate": lambda number: f"{number:,.0f}" if number >= 10 or not number else f"{number:.1f}",  # noqa: PLR2004
        "size": _size,
        "ago": ago,
        "span": span,
        "clock": _clock,
        "percent": lambda part, whole: f"{100 * part / whole:.3g}" if whole else "0",
    }
    return environment


def _size(size_bytes: int) -> str:
    size = float(size_bytes)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000 or unit == "GB":  # noqa: PLR2004
            return f"{size:,.0f} {unit}" if unit == "bytes" or size >= 10 else f"{size:.1f} {unit}"  # noqa: PLR2004
        size /= 1000
    raise AssertionError


def _clock(moment: datetime | str) -> str:
    """Return the time of day of a moment, in UTC, to the second."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{found:%H:%M:%S}"
