"""Entry point of the local cloud's commands: exit codes, errors and interruptions."""

import signal
import subprocess
import sys
from collections.abc import Sequence

import click
import psutil
from botocore.exceptions import ConnectionError as ConnectionFailedError
from botocore.exceptions import HTTPClientError

from local.errors import LocalCloudError
from machine import faults
from ops import errors
from ops.errors import AwsError
from ops.waiting import WaitError

FAILED, INTERRUPTED = 1, 130
UNANSWERED = (ConnectionFailedError, HTTPClientError)
FAILURES = (
    *(LocalCloudError, WaitError, *AwsError),
    *(OSError, psutil.Error, subprocess.CalledProcessError),
)


def run(command: click.Command, arguments: Sequence[str], if_interrupted: str = "") -> int:
    """Run ``command`` and return its exit code.

    1 after an error of the local cloud or of this machine, 2 for wrong arguments, 130 when
    interrupted; ``if_interrupted`` says what then holds. The last line on standard error is one
    sentence with the cause and what to do. A build server's signal triggers the same clean-up as
    Ctrl-C.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        return int(command.main(arguments, standalone_mode=False))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except FAILURES as error:
        return _fail(_words(error))
    except (KeyboardInterrupt, click.Abort):
        print("; ".join(filter(None, ["interrupted", if_interrupted])), file=sys.stderr)
        return INTERRUPTED


def _words(error: Exception) -> str:
    if isinstance(error, UNANSWERED):
        return f"{error}; the local cloud has ended: start it again with make up"
    if isinstance(error, AwsError):
        return errors.explain(error)
    if isinstance(error, OSError):
        return faults.describe(error)
    if isinstance(error, psutil.Error):
        return f"{error} belongs to another user, or has ended meanwhile: try again as its owner"
    said = getattr(error, "stderr", None) or ""  # of a command that failed
    return f"{error}\n{said}"


def _fail(message: str) -> int:
    """Print details, if there are any, and then one sentence: what failed, why, and what to do."""
    first, *details = message.strip().splitlines() or ["failed"]
    for line in filter(str.strip, details):
        print(f"  | {faults.shortened(line)}", file=sys.stderr)
    fault = faults.find(message, faults.MACHINE)
    told = next((line.strip() for line in details if fault and fault.is_in(line)), "")
    explanation = faults.explain(message, faults.MACHINE)
    parts = [first.rstrip(":"), faults.shortened(told), "" if explanation in first else explanation]
    print("error: " + "; ".join(filter(None, parts)), file=sys.stderr)
    return FAILED
