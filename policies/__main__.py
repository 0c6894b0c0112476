"""``python -m policies``: the gates on an assembly and on its changes."""

from datetime import UTC, datetime
from pathlib import Path

import click

from policies import check as checks
from policies import published, register, rules
from policies.changes.command import changes
from policies.command_line import ASSEMBLY, Undetermined
from policies.gate import Verdict
from policies.register import PLUGINS, ROWS
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


def _summary(verdict: Verdict, stacks: int) -> str:
    kinds = {waiver.kind for _, waiver in verdict.accepted}
    return (
        f"policies: {verdict.colour}. {stacks} stacks, {len(PLUGINS) - 1} packs, "
        f"{len(rules.RULES)} project rules; {len(verdict.accepted)} findings accepted "
        f"for {len(kinds)} reasons ({ROWS})"
    )


if __name__ == "__main__":
    main(prog_name="python -m policies")
