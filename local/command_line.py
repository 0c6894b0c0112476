"""Entry point of the local cloud's commands: exit codes, errors and interruptions."""

import signal
import sys
from collections.abc import Sequence

import click

from local.errors import LocalCloudError
from ops.waiting import WaitError

FAILED, INTERRUPTED = 1, 130


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run ``command`` and return its exit code.

    1 after an error of the local cloud, 2 for wrong arguments, 130 when interrupted. A build
    server's signal triggers the same clean-up as Ctrl-C.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return int(command.main(arguments, standalone_mode=False))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (LocalCloudError, WaitError) as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED
    except (KeyboardInterrupt, click.Abort):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
