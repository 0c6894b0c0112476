"""``python -m policies``: the gates and the register of accepted findings."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import click

from policies import check as checks
from policies import published, register, rules
from policies.changes.command import changes
from policies.command_line import ASSEMBLY, Undetermined
from policies.gate import Verdict
from policies.register import PLUGINS, Waiver
from policies.templates import assembly


@click.group()
def main() -> None:
    """Check a synthesized assembly, and what its deployment would change."""


main.add_command(changes)


@main.command()
@ASSEMBLY
@click.pass_context
def check(context: click.Context, *, folder: Path) -> None:
    """Check an assembly with all packs and rules.

    What it publishes must be what this tree makes. Exit with 1 if it is red, with 2 if there is no
    assembly or no register.
    """
    try:
        read, waivers = assembly.read(folder), register.load()
        other = published.findings(folder, {stack.account for stack in read.stacks})
    except (assembly.AssemblyError, register.RegisterError) as error:
        raise Undetermined(str(error)) from error
    verdict = checks.check(read, waivers, datetime.now(tz=UTC).date(), other)
    click.echo(verdict.text(_summary(verdict, len(read.stacks))))
    context.exit(0 if verdict.green else 1)


@main.command("waivers")
def list_waivers() -> None:
    """Print the register of accepted findings."""
    click.echo(table(register.load()))


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


if __name__ == "__main__":
    main(prog_name="python -m policies")
