"""The costs of a month as tables in Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from review.cost.per_million import SETTINGS
from review.render.markup import table

# Of a line and of the sums: what a month costs, and how that differs from the base.
USD, BY = ("idle_usd", "monthly_usd"), ("idle_delta_usd", "delta_usd")


def changes(cost: Mapping[str, Any]) -> str:
    """Return the sums, and each line that differs from the base."""
    changed = [each for each in cost["lines"] if each["delta_usd"] or each["idle_delta_usd"]]
    cells = [
        (_place(each), *(f"{each[usd]:,.2f}" for usd in USD), *(f"{each[by]:+,.2f}" for by in BY))
        for each in [*changed, {"item": "**all**", **{name: cost[name] for name in (*USD, *BY)}}]
    ]
    heads = ("USD per month", "Idle", "Under load", "Idle, to the base", "Under load, to the base")
    return table(heads, cells)


def lines(cost: Mapping[str, Any], load: str) -> str:
    """Return every line of a month, and what a million records cost; ``load`` is in words."""
    cells = [(_place(each), *(f"{each[usd]:,.2f}" for usd in USD)) for each in cost["lines"]]
    return (
        f"Under load is for {load}; idle, without any. List prices of {cost['prices_of']}.\n\n"
        + table(("USD per month", "Idle", "Under load"), cells)
        + f"\n\nA million records; `statusIndex` is `{cost['status_index']}` here.\n\n"
        + prices_table(cost["per_million"])
    )


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
    heads = ("What", "Write units, `all`", "`exceptions`", "USD a million, `all`", "`exceptions`")
    return table(heads, cells)


def _place(line: Mapping[str, Any]) -> str:
    return " ".join(line[name] for name in ("region", "service", "item") if name in line)
