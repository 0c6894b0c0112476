"""Change the code at random places, one at a time, and see whether a test notices.

mutmut makes the changes and runs the tests that reach them. A survivor is a change that no test
noticed: kill it with a test, or name it in mutation/survivors.toml with the reason; else the
command fails. The survivors' diffs are in build/mutants.
"""

import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from mutation import sample, second_trial, survivors
from mutation.survivors import Change
from ops.progress import described, pulse

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "mutants"  # mutmut's: the changed code, and what the tests have run
FOUND = ROOT / "build" / "mutants"
MUTMUT = Path(sys.executable).with_name("mutmut")
SMALLEST = "services.stream_consumer.runtime.settings.*"  # any run makes the mutants of all
MEMORY_BYTES = 4 << 30  # for a mutant that takes more and more
KILLED = {"killed", "timeout", "segfault"}
COUNTS = re.compile(r"(\d+)/\d+  🎉")  # how mutmut counts, in a line that it writes anew
SURVIVED = {"survived", "no tests"}


@click.command(help=__doc__)
@click.option("--sample", "number", default="200", show_default=True, help="How many, or 'all'.")
@click.option("--seed", default=1, show_default=True, help="Which of them.")
@click.option("--only", default="", help="A package, such as policies.rules.")
@click.option("--processes", default=2, show_default=True)
def main(number: str, seed: int, only: str, processes: int) -> None:
    """Try a sample of the mutants; exit with 1 if an unnamed one survives."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    _prepare()
    _mutmut(processes, SMALLEST)
    every = [mutant for mutant in _outcomes() if mutant.startswith(only)]
    drawn = sample.draw(every, len(every) if number == "all" else int(number), seed)
    _mutmut(processes, *drawn)
    outcomes = _outcomes()
    drawn_outcomes = {mutant: outcomes[mutant] for mutant in drawn}
    unnamed = _unnamed(drawn_outcomes)
    _summarise(drawn_outcomes, len(every))
    sys.exit(1 if unnamed else 0)


def _prepare() -> None:
    """Make mutmut's folder what its tests need: the tests of now, and what a gate reads."""
    shutil.rmtree(WORK / "tests", ignore_errors=True)  # mutmut leaves those that are gone
    packages = WORK / "node_modules"
    if not packages.exists():
        WORK.mkdir(exist_ok=True)
        packages.symlink_to(ROOT / "node_modules")


def _mutmut(processes: int, *mutants: str) -> None:
    """Run mutmut, and end with its log if it can't: where a test is red without a change, say."""
    FOUND.mkdir(parents=True, exist_ok=True)
    log = FOUND / "log.txt"

    def shown(elapsed_s: float) -> str:
        return f"mutants: {_so_far(log.read_text(errors='replace'), len(mutants), elapsed_s)}"

    with log.open("w") as said, pulse(shown):
        code = subprocess.run(  # noqa: S603  # our own
            [str(MUTMUT), "run", "--max-children", str(processes), *mutants],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    if code:
        sys.exit(f"mutmut has failed with {code}: {log}")


def _so_far(log: str, total: int, elapsed_s: float) -> str:
    """Say how many of the mutants are tried, by mutmut's log, which counts those of before too."""
    counts = list(map(int, COUNTS.findall(log)))
    return described(counts[-1] - counts[0] if counts else 0, total, elapsed_s, "mutants")


def _answer(*arguments: str) -> str:
    command = [str(MUTMUT), *arguments]
    return subprocess.check_output(command, cwd=ROOT, text=True)  # noqa: S603  # our own


def _outcomes() -> Mapping[str, str]:
    """Ask for the outcome of every mutant, in mutmut's words."""
    lines = _answer("results", "--all", "true").splitlines()
    return dict(line.strip().rsplit(": ", 1) for line in lines if sample.MARK in line)


def _summarise(outcomes: Mapping[str, str], total: int) -> None:
    """Print the score of each room, and of all."""
    click.echo(f"{len(outcomes):,} of {total:,} mutants")
    for room in sorted(set(map(sample.room_of, outcomes))):
        of_room = [found for mutant, found in outcomes.items() if sample.room_of(mutant) == room]
        _print_score(room, of_room)
    _print_score("all", list(outcomes.values()))


def _print_score(name: str, outcomes: Sequence[str]) -> None:
    killed = sum(outcome in KILLED for outcome in outcomes)
    survived = sum(outcome in SURVIVED for outcome in outcomes)
    score = f"{killed / (killed + survived):4.0%}" if killed + survived else "   -"
    other = len(outcomes) - killed - survived
    click.echo(
        f"{score}  {name}: {killed} killed, {survived} survived"
        + (f", {other} unclear" * (other > 0))
    )


def _unnamed(outcomes: dict[str, str]) -> Sequence[str]:
    """Try what no test has noticed again, write what survives, list what nobody has named."""
    named, unnamed = survivors.read(), []
    for old in FOUND.glob("*.diff"):
        old.unlink()
    for mutant in [mutant for mutant, outcome in outcomes.items() if outcome not in KILLED]:
        diff = _answer("show", mutant)
        if Change.of(mutant, diff) in named:
            continue
        if second_trial.is_noticed(mutant, WORK):
            outcomes[mutant] = "killed"
            continue
        unnamed.append(mutant)
        (FOUND / f"{mutant}.diff").write_text(diff)
        click.echo(f"not noticed: {mutant}\n{diff}")
    return unnamed


if __name__ == "__main__":
    main()
