"""The operator: runs ``ops`` as processes of their own, and kills them when a drill says so."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from local.drill.stage import BrokenOff, Stage
from local.emulator_faults.schedule import Fault, Rule
from local.errors import LocalCloudError
from local.paths import REPOSITORY
from ops.waiting import find_within

OPS = REPOSITORY / ".venv" / "bin" / "ops"
LIMIT_S = 120.0
KILLS = 9
POLL_S = 0.05
# Of the calls of the commands, which name themselves in their user agent.
CHANGES = "(Put|Update|Delete|Submit|Send|Invoke).*"
AGENT = "app/drilled"
LINES_SHOWN, LINE_SHOWN = 3, 200
UNDER_WAY = " ...  "  # what a step sees meanwhile


def run(stage: Stage, *arguments: str) -> None:
    """Run a command to its end.

    Raises:
        BrokenOff: it ended with another exit code than 0.

    """
    stage.note(f"ops {' '.join(arguments)}")
    with _started(stage, *arguments) as process, _limited(process):
        said = []
        for line in process.stdout or ():
            said.append(line)
            if UNDER_WAY not in line:
                stage.note(f"  {line.strip()[:LINE_SHOWN]}")
        process.wait()
    _end(stage, arguments, process.returncode, "".join(said))


@contextmanager
def _limited(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kill a command that takes too long."""
    timer = threading.Timer(LIMIT_S, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def run_killed_at_each_change(
    stage: Stage, *arguments: str, changes: str = CHANGES, kills: int = KILLS
) -> None:
    """Run a command again and again, killed at one change further each time, until it ends.

    It is killed in turn when it is about to change something, and when it has and has not seen the
    answer. After ``kills`` times it may end. ``changes`` is a pattern of operations.
    """
    stage.note(f"ops {' '.join(arguments)}, killed at each change")
    for change in range(kills):
        is_done = bool(change % 2)
        fault = Fault.ANSWER_HELD if is_done else Fault.HUNG
        rule = Rule(fault=fault, operation=changes, caller=f".*{AGENT}.*", skip=change)
        stage.ground.faults.plan(calls=[rule])
        with _started(stage, *arguments) as process:
            if not _await_stuck(stage, process):
                output = process.stdout.read() if process.stdout else ""
                stage.ground.faults.plan()
                _end(stage, arguments, process.wait(), output)
                if not change:
                    raise BrokenOff(f"ops {arguments[0]} ended without any change")
                return
            process.kill()
        stage.note(f"killed {'after' if is_done else 'before'} its change {change + 1}")
    stage.ground.faults.plan()
    run(stage, *arguments)


def _await_stuck(stage: Stage, process: subprocess.Popen[str]) -> bool:
    """Wait until the command has met the fault; return false if it ends without it."""
    stuck = find_within(
        lambda: any(stage.ground.faults.status().calls) or process.poll() is not None,
        limit_s=LIMIT_S,
        poll_s=POLL_S,
    )
    if not stuck:
        raise BrokenOff(f"a command neither ended nor changed anything in {LIMIT_S:.0f} s")
    return process.poll() is None


def reconcile(stage: Stage, *, repair: bool = False) -> None:
    """Let ``ops reconcile`` look at both buckets, when all files are processed.

    Nothing may be missing; with ``repair``, nothing may be left unrepaired.
    """
    stage.await_processed()
    wanted = ("--repair", "--yes") if repair else ()
    prefix = ("--in-work-s", "0", "--prefix", stage.prefix)
    run(stage, "reconcile", "--rows", "--both", *wanted, *prefix)


def _end(stage: Stage, arguments: Sequence[str], code: int, output: str) -> None:
    stage.note(f"ops {arguments[0]} ended with {code}")
    if code:
        last = "; ".join(output.strip().splitlines()[-LINES_SHOWN:])
        raise BrokenOff(f"ops {' '.join(arguments)} ended with {code}: {last}")


@contextmanager
def _started(stage: Stage, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Start a command; kill it at the end if it still runs."""
    if not OPS.exists():
        raise LocalCloudError(f"there is no {OPS}: run make setup")
    process = subprocess.Popen(  # noqa: S603  # our own command
        [OPS, *arguments],
        env={**stage.ground.variables, "AWS_SDK_UA_APP_ID": "drilled", "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
