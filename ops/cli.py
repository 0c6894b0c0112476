"""The operator's command line: one door to the deployed regions."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

import click

import naming
from ops import errors

COMMANDS = ("verify", "items", "drift", "supersede", "bucket-names")
HELP = """Look at and operate the deployed regions.

Every command says which account, region and endpoint it talks to. It exits with 0 when all is as
wanted, 1 with a finding, 2 when the answer could not be determined (no credentials, no network, no
right to ask), and 3 when it refuses what it was asked."""
EXAMPLES = f"""\
Examples:
  ops items FAILED                        which files have failed, and why
  ops items REJECTED --since 2026-11-01   rejected rows, the newest first
  ops items FAILED --region {naming.STANDBY} --json
  ops drift                               what was changed by hand in our stacks
  ops verify --help                       what a proof of a region needs
  eval "$(make env)"                      point every command at the local cloud"""

Command = TypeVar("Command", bound=Callable[..., Any])


class Door(click.Group):
    """Finds each command in a module of ``ops.commands`` when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """Return the names of all commands, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or ``None`` when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"ops.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the examples as they are: click would fold the lines."""
        formatter.write(f"\n{EXAMPLES}\n")


@click.group(cls=Door, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
def ops() -> None: ...


def connected(command: Command) -> Command:
    """Give a command the options that say where it looks and how it answers."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("--profile", help="Profile of the AWS configuration to use."),
        click.option(
            "--region",
            type=click.Choice(naming.REGIONS),
            default=naming.PRIMARY,
            show_default=True,
        ),
    ):
        command = option(command)
    return command


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; errors are one line on standard error."""
    try:
        code = ops.main(list(arguments), prog_name="ops", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return errors.REFUSED
    except errors.RefusedError as error:
        return _fail(str(error), errors.REFUSED)
    except errors.UndeterminedError as error:
        return _fail(str(error), errors.UNDETERMINED)
    except errors.AwsError as error:
        return _fail(errors.explain(error), errors.UNDETERMINED)
    except click.Abort:
        return _fail("interrupted", errors.INTERRUPTED)
    return int(code or 0)


def _fail(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code
