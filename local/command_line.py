"""How the local cloud's commands start and end, also when they are interrupted."""

import signal
import sys
from collections.abc import Sequence

import click

from local.errors import LocalCloudError
from ops.waiting import WaitError

FAILED, INTERRUPTED = 1, 130


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Return the exit code of ``command``: what it returns, or one for how it was ended.

    1 after an error of the local cloud, 2 for wrong arguments, 130 when interrupted: a build
    server's signal gets the same clean-up as a person's Ctrl-C.
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
