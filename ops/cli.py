"""The operator's command line for the deployed regions."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeVar

import click

import naming
from machine import faults
from ops import errors
from ops.help_pages import Context
from ops.waiting import WaitError
from services.processor.runtime.errors import SourceUnavailableError

COMMANDS = (
    *("status", "console"),
    *("file", "files", "rejected", "record", "items", "reprocess", "forget"),
    *("routes", "failover", "failback", "takeover", "audit"),
    *("redrive", "quarantine"),
    *("preflight", "verify", "drift", "supersede"),
    *("reconcile", "replay", "restore-check"),
    "drill",
)
HELP = """Inspect and operate the deployed regions.

New here? Start with "ops status": it says what needs attention, and which command to run next.

Every command prints the account, region and endpoint it talks to. Exit codes: 0 for success, 1 for
a finding, 2 if the answer could not be determined (no credentials, network or permission), 3 if the
command refuses the request."""
EXAMPLES = f"""\
Examples:
  ops file orders/orders.csv              what became of a file: is every row in?
  ops rejected orders/orders.csv --out rejected.csv
                                          its rejected rows, to correct and send again
  ops record orders 1001                  the record of an order, and where it came from
  ops items FAILED --region {naming.STANDBY} --json
                                          which files have failed, and why
  ops failover --dry-run                  what moving the uploads would do
  ops redrive                             retry every dead letter, grouped by cause
  ops quarantine list                     the letters that retrying cannot help, and why
  ops reconcile --rows --prefix orders/   is every row of every file stored?
  ops drift                               resources of our stacks that were changed by hand
  eval "$(make env)"                      point every command at the local cloud"""

_UNDETERMINED = (errors.UndeterminedError, WaitError, SourceUnavailableError)

Command = TypeVar("Command", bound=Callable[..., Any])


class CommandGroup(click.Group):
    """Imports each command from its module in ``ops.commands`` when it is needed."""

    context_class = Context

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's
        """Return the names of all commands, in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command, or ``None`` if there is no command of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"ops.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        command.context_class = Context
        return command

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the examples unchanged: click would wrap their lines."""
        formatter.write(f"\n{EXAMPLES}\n")


@click.group(cls=CommandGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
def ops() -> None: ...


def connected(command: Command) -> Command:
    """Add the options that select region, credentials and output format."""
    region = click.option(
        "--region", type=click.Choice(naming.REGIONS), default=naming.PRIMARY, show_default=True
    )
    return region(in_both_regions(command))


def in_both_regions(command: Command) -> Command:
    """Add the options of a command that is about both regions: credentials and output format."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
        click.option("--profile", help="AWS profile to use."),
    ):
        command = option(command)
    return command


def changing(command: Command) -> Command:
    """Add the options of a command that changes something: to agree beforehand, or only look."""
    for option in (
        click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing."),
        click.option("--yes", is_flag=True, help="Do it without asking."),
    ):
        command = option(command)
    return command


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; print an error as one line on standard error."""
    try:
        code = ops.main(list(arguments), prog_name="ops", standalone_mode=False)
    except click.UsageError as error:
        error.show()
        return errors.REFUSED
    except (errors.FindingError, errors.RefusedError) as error:
        return _fail(str(error), error.exit_code)
    except (*_UNDETERMINED, *errors.AwsError, OSError) as error:
        return _fail(_words(error), errors.UNDETERMINED)
    except click.Abort:
        return _fail("interrupted", errors.INTERRUPTED)
    return int(code or 0)


def _words(error: Exception) -> str:
    if isinstance(error, errors.AwsError):
        return errors.explain(error)
    return faults.describe(error) if isinstance(error, OSError) else str(error)


def _fail(message: str, code: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return code
