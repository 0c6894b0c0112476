"""``ops failover``: move the uploads to the standby."""

from typing import Any

import click

import naming
from ops.commands.moving import move_traffic, with_options


@click.command(
    "failover", short_help=f"Move the uploads to {naming.STANDBY}, planned or after a loss."
)
@with_options
def command(**options: Any) -> int:
    """Move the uploads to us-west-2; with --lost-region us-east-1, without asking us-east-1.

    Planned: us-west-2 proves that it works, the access point's dials move, us-east-1 finishes what
    it has, and what it took in is compared with us-west-2's table. After a loss: the dials move,
    and us-west-2 announces us-east-1's changes as well. Safe to run again after a failure or an
    interruption: every step looks before it acts. Exits with 1 if a step fails, 3 if us-west-2 is
    not ready (nothing was changed).
    """
    return move_traffic(action="FAILOVER", to=naming.STANDBY, **options)
