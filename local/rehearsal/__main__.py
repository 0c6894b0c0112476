"""Pushes commits through the synthesized pipeline, on this machine, and shows what happens."""

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from local.errors import LocalCloudError
from local.layout import REPOSITORY
from local.rehearsal import summary
from local.rehearsal.approval import Decide, on_terminal
from local.rehearsal.play import ALL, play, wanted
from local.rehearsal.rehearsal import Rehearsal
from local.rehearsal.scenarios import FIRST, SCENARIOS
from local.rehearsal.show import Show

BUILD = REPOSITORY / "build"
INTERRUPTED = 130


def rehearse(options: argparse.Namespace) -> int:
    """Exit code 0 when every promise held."""
    show = Show()
    decide = options.decide if options.scenario == FIRST else _always(approved=True)
    rehearsal = Rehearsal.start(options.state, decide, show)
    try:
        played = play(rehearsal, wanted(options.scenario), show)
    finally:
        _leave(rehearsal, show, keep=options.keep)
    summary.write(options.summary, played)
    show.note(f"{options.summary} has the details, {options.state / 'logs'} all output")
    return int(any(each.broken for each in played))


def _leave(rehearsal: Rehearsal, show: Show, *, keep: bool) -> None:
    if not keep:
        rehearsal.stop()
        return
    rehearsal.release()
    state = rehearsal.cloud.state_dir
    show.note(f'\nthe cloud is still up: eval "$(python -m local env --state {state})"')
    show.note(f"stop it: python -m local down --state {state}")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.rehearsal", description=__doc__)
    parser.add_argument("--scenario", choices=[*SCENARIOS, ALL], default=FIRST)
    decision = parser.add_mutually_exclusive_group()
    decide: Decide = on_terminal
    for name, approved in (("--approve", True), ("--reject", False)):
        decision.add_argument(
            name,
            dest="decide",
            action="store_const",
            const=_always(approved=approved),
            default=decide,
            help="do not ask at the first deployment's approval",
        )
    parser.add_argument("--keep", action="store_true", help="leave the cloud running")
    parser.add_argument("--state", type=Path, default=BUILD / "rehearsal", help="working folder")
    parser.add_argument("--summary", type=Path, default=BUILD / "rehearsal.json")
    return parser.parse_args(arguments)


def _always(*, approved: bool) -> Decide:
    return lambda _: approved


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    # Whoever stops us, as a person or as a build server, gets the same tidy end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        return rehearse(options)
    except LocalCloudError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
