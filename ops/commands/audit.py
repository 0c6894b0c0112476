"""``ops audit``: what operators have done to the deployment."""

from collections.abc import Mapping
from typing import Any

import click

from ops import audit
from ops.cli import connected
from ops.connection import connect
from ops.moments import Moment
from ops.output import as_json as json_line
from ops.output import show_rows
from ops.region import Region

_HEADS = ("when", "what", "outcome", "who", "why and how")
_KEYS = frozenset({"recordId", "timestamp", "itemType", "action", "outcome", "by"})


@click.command("audit", short_help="List what operators have done, and why.")
@click.option("--since", type=Moment(), help="Earliest moment, in ISO 8601.")
@click.option(
    "--erased", is_flag=True, help="Add the notes of erased records; reads the whole table."
)
@connected
def command(
    *, since: str | None, erased: bool, region: str, profile: str | None, as_json: bool
) -> None:
    """List who moved the uploads or switched a takeover, when, why, and how it ended; oldest first.

    An entry that says STARTED, and is not running any more, was interrupted. Each region has all
    entries; those of a lost region as far as they were replicated.
    """
    here = Region.find(connect(region, profile), region)
    found = [*audit.acts(here), *(audit.erasures(here) if erased else ())]
    acts = sorted(
        (act for act in found if act["timestamp"] >= (since or "")),
        key=lambda act: str(act["timestamp"]),
    )
    if as_json:
        for act in acts:
            click.echo(json_line(act))
        return
    show_rows(_HEADS, [_row(act) for act in acts])


def _row(act: Mapping[str, Any]) -> tuple[str, ...]:
    facts = {name: value for name, value in sorted(act.items()) if name not in _KEYS}
    why = ", ".join(f"{name} {_text(value)}" for name, value in facts.items())
    return act["timestamp"], act["action"], act.get("outcome", ""), act.get("by", ""), why


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{name} {each}" for name, each in sorted(value.items()))
    return str(value)
