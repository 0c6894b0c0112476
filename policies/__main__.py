"""``python -m policies``: the gates and the register of accepted findings."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from policies import check as checks
from policies import register, rules
from policies.changes.command import changes
from policies.command_line import AS_JSON, ASSEMBLY, Undetermined
from policies.gate import Verdict, why
from policies.register import PLUGINS, Waiver
from policies.templates import assembly


@click.group()
def main() -> None:
    """Check a synthesized assembly, and what its deployment would change."""


main.add_command(changes)


@main.command()
@ASSEMBLY
@AS_JSON
@click.pass_context
def check(context: click.Context, *, folder: Path, as_json: bool) -> None:
    """Check an assembly with all packs and rules.

    Exit with 1 if it is red, with 2 if there is no assembly or no register.
    """
    try:
        read, waivers = assembly.read(folder), register.load()
    except (assembly.AssemblyError, register.RegisterError) as error:
        raise Undetermined(str(error)) from error
    verdict = checks.check(read, waivers, datetime.now(tz=UTC).date())
    stacks = len(read.stacks)
    data = {"stacks": stacks, **verdict.as_data()}
    click.echo(_json(data) if as_json else verdict.text(_summary(verdict, stacks)))
    context.exit(0 if verdict.green else 1)


@main.command("waivers")
@AS_JSON
def list_waivers(*, as_json: bool) -> None:
    """Print the register of accepted findings."""
    rows = register.load()
    click.echo(_json([_row(waiver) for waiver in rows]) if as_json else table(rows))


def _summary(verdict: Verdict, stacks: int) -> str:
    kinds = {waiver.kind for _, waiver in verdict.accepted}
    return (
        f"policies: {verdict.colour}. {stacks} stacks, {len(PLUGINS) - 1} packs, "
        f"{len(rules.RULES)} project rules; {len(verdict.accepted)} findings accepted "
        f"for {len(kinds)} reasons (python -m policies waivers)"
    )


def table(waivers: Sequence[Waiver]) -> str:
    """Return the register by kind: each reason once, with its rows in columns below it."""
    return "\n\n".join(
        _kind(kind, list(rows)) for kind, rows in groupby(waivers, key=lambda waiver: waiver.kind)
    )


def _kind(kind: str, rows: Sequence[Waiver]) -> str:
    head = f"{kind}  ({rows[0].owner}, {rows[0].expiry})\n  {rows[0].reason}"
    width = max(len(row.finding) for row in rows)
    lines = [f"  {row.finding:<{width}}  {row.path}{_only(row)}" for row in rows]
    return "\n".join([head, *lines])


def _only(waiver: Waiver) -> str:
    return f"  ({', '.join(waiver.stages)} only)" if waiver.stages else ""


def _row(waiver: Waiver) -> Mapping[str, Any]:
    return asdict(waiver) | why(waiver)


def _json(data: object) -> str:
    return json.dumps(data, indent=2)


if __name__ == "__main__":
    main(prog_name="python -m policies")
