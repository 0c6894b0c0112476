"""Shared by the commands of ``policies``: options, errors without a verdict, other commands."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import click

ASSEMBLY = click.option(
    "--assembly",
    "folder",
    type=click.Path(path_type=Path),
    default="cdk.out",
    show_default=True,
    help="Folder with the synthesized templates.",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


class Undetermined(click.ClickException):
    """There can be no verdict, which never counts as green: exit code 2, and it says why.

    Such as without an assembly, a base or a register that can be read, or after a tool has failed.
    """

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002  # click's signature
        click.echo(f"error: {self.message}", err=True)


def run(command: Sequence[str], folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Return how a command ends, and what it says."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # our own
