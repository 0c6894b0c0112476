"""``python -m policies changes``: what a deployment would change, compared with a base."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from datasets.compatibility.bucket import BUCKET, LAST, newest
from datasets.compatibility.comparison import DataComparison
from datasets.compatibility.process import DataError
from policies import register
from policies.changes import acknowledgement, base_selection
from policies.changes.comparison import Base, Comparison, compare
from policies.changes.contract_sources import since
from policies.changes.resource_spec import Spec
from policies.command_line import ASSEMBLY, Undetermined
from policies.register import ROWS
from policies.templates import assembly

OPTIONS = (ASSEMBLY, base_selection.BASE, base_selection.BASE_ASSEMBLY, BUCKET, LAST)


def comparing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of ``compared`` to a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def compared(
    *, folder: Path, base: str | None, base_assembly: Path | None, bucket: str | None, last: int
) -> tuple[assembly.Assembly, Base, DataComparison]:
    """Return an assembly, what it is compared with, and what changes in the data.

    Raise ``Undetermined`` if that can't be known.
    """
    read = assembly.read(folder)
    chosen = base_selection.chosen(base, base_assembly, read)
    try:
        with newest(bucket, last) as objects:
            return read, chosen, since(chosen, objects, bucket or "")
    except DataError as error:
        raise Undetermined(str(error)) from error


def _new_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """Refuse a name at once, and not after the comparison, which takes half a minute."""
    if name:
        acknowledgement.new_file(name)
    return name


@click.command()
@comparing
@click.option(
    "--acknowledge",
    metavar="NAME",
    callback=_new_name,
    help="Write the rows that accept what is open.",
)
@click.pass_context
def changes(context: click.Context, /, *, acknowledge: str | None, **options: Any) -> None:
    """Compare an assembly with its base.

    Exit with 1 if a change is not accepted, with 2 if there is nothing to compare.
    """
    read, base, data = compared(**options)
    found = compare(base, read.stacks, register.load(), Spec.load(), data)
    click.echo(found.text())
    if acknowledge:
        _acknowledge(acknowledge, found)
    context.exit(0 if found.verdict.green else 1)


def _acknowledge(name: str, found: Comparison) -> None:
    file, number = acknowledgement.write(name, found.verdict.findings, found.places)
    if number:
        told = f"{ROWS}/{file.name}: {number} to accept; give the reason and the owner in it,"
        click.echo(f"{told} commit it with the change, and run this again without ACKNOWLEDGE")
    else:
        click.echo("nothing is open that a row could accept: no file was written")
