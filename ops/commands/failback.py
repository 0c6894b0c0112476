"""``ops failback``: move the uploads back to the primary."""

from typing import Any

import click

import naming
from ops.commands.moving import move_traffic, with_options


@click.command("failback", short_help=f"Move the uploads back to {naming.PRIMARY}.")
@with_options
def command(**options: Any) -> int:
    """Move the uploads back to us-east-1; with --lost-region us-west-2, without asking us-west-2.

    Planned: us-east-1 proves that it works and processes what it took in before it was lost, the
    dials move, us-west-2 finishes what it has, and stops announcing us-east-1's changes. Safe to
    run again after a failure or an interruption: every step looks before it acts. Exits with 1 if
    a step fails, 3 if us-east-1 is not ready (nothing was changed).
    """
    return move_traffic(action="FAILBACK", to=naming.PRIMARY, **options)
