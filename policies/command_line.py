"""Shared by the commands of ``policies``: options, and the errors without a verdict."""

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
    """A command can reach no verdict, which never counts as green: exit code 2, and it says why."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002  # click's signature
        click.echo(f"error: {self.message}", err=True)
