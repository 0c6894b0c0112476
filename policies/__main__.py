"""``python -m policies``: the gates on an assembly and on its changes."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from policies import app, published, register, rules
from policies import check as checks
from policies.changes.command import changes
from policies.command_line import ASSEMBLY
from policies.templates import assembly


@click.group(commands=[changes])
def main() -> None:
    """Check a synthesized assembly, and what its deployment would change."""


@main.command()
@ASSEMBLY
def check(folder: Path) -> None:
    """Check an assembly with all packs and rules.

    So is what the app makes under other settings, and what is published must be what this tree
    makes. Exit with 1 if it is red, with 2 if there is no assembly or no register.
    """
    read, waivers = assembly.read(folder), register.load()
    with ThreadPoolExecutor() as pool, TemporaryDirectory() as made:
        other = pool.submit(app.under_other_settings, Path(made))
        final = published.findings(folder, {stack.account for stack in read.stacks})
        today = datetime.now(tz=UTC).date()
        verdict = checks.check_twice(read, other.result(), waivers, today, final)
    kinds = {waiver.kind for _, waiver in verdict.accepted}
    summary = (
        f"policies: {verdict.colour}. {len(read.stacks)} stacks, "
        f"{len(register.PLUGINS) - 1} packs, {len(rules.RULES)} project rules; "
        f"{len(verdict.accepted)} findings accepted for {len(kinds)} reasons ({register.ROWS})"
    )
    click.echo(verdict.text(summary))
    raise SystemExit(0 if verdict.green else 1)


if __name__ == "__main__":
    main(prog_name="python -m policies")
