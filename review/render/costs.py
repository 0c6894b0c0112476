"""What a million records cost, as a table in Markdown for the documentation."""

from collections.abc import Mapping, Sequence
from typing import Any

from review.cost.per_million import SETTINGS

HEADS = ("What", "Write units, `all`", "`exceptions`", "USD a million, `all`", "`exceptions`")


def prices_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of what a million records cost, under both settings of ``statusIndex``."""
    cells = [
        (
            line["what"],
            *(str(line["units"].get(setting, "")) for setting in SETTINGS),
            *(f"{line['usd'][setting]:,.4f}" for setting in SETTINGS),
        )
        for line in rows
    ]
    head, *lines = (f"| {' | '.join(row)} |" for row in (HEADS, *cells))
    return "\n".join([head, f"|{'---|' * len(HEADS)}", *lines])
