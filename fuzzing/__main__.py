"""Fuzz what reads bytes of others, each target for a while; what is new in coverage is kept.

The corpus in fuzzing/corpus grows, and `make test` checks every input in it. An input that breaks a
promise is in build/fuzz, and the command fails.
"""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from fuzzing import corpus
from fuzzing.targets import TARGETS, seeds_of
from ops.progress import progress

ROOT = Path(__file__).resolve().parents[1]
FOUND = ROOT / "build" / "fuzz"
LIMITS = (
    "-max_len=1024",  # bytes
    "-timeout=20",  # seconds for one input
    "-rss_limit_mb=2048",
    "-print_final_stats=1",
)
TRIED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
LOG_SHOWN = 4000  # characters


@click.command(help=__doc__)
@click.option("--target", "chosen", type=click.Choice(TARGETS), multiple=True, help="Else all.")
@click.option("--seconds", default=60, show_default=True, help="For each target.")
@click.option("--seed", default=0, help="Of the fuzzer's random numbers; 0 is another each time.")
def main(chosen: tuple[str, ...], seconds: int, seed: int) -> int:
    """Fuzz the targets; return 1 if an input breaks a promise."""
    targets = chosen or TARGETS
    runs = ((target, _fuzz(target, seconds, seed)) for target in targets)
    outcomes = progress(runs, "fuzzing", len(targets), "targets")
    broken = [target for target, held in outcomes if not held]
    for target in broken:
        click.echo(f"{target} is broken: python -m fuzzing.process {target} {FOUND / target}/*")
    return 1 if broken else 0


def _fuzz(target: str, seconds: int, seed: int) -> bool:
    """Fuzz one target from its corpus, and keep what covers more; return whether nothing broke."""
    known = corpus.load(target)
    (FOUND / target).mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as given, TemporaryDirectory() as kept:
        for number, data in enumerate([*seeds_of(target), *known]):
            Path(given, str(number)).write_bytes(data)
        held, tried = _run(target, f"-max_total_time={seconds}", f"-seed={seed}", given)
        # An input that breaks a promise ends the run and is not in the corpus.
        _run(target, "-merge=1", kept, given)
        inputs = [each.read_bytes() for each in Path(kept).iterdir()]
    corpus.save(target, inputs)
    kept_now = f"{len(inputs)} in the corpus, which had {len(known)}"
    click.echo(f"{target}: {tried:,} inputs in {seconds} s; {kept_now}")
    return held


def _run(target: str, *options: str) -> tuple[bool, int]:
    """Run the fuzzer; return whether every input passed, and how many there were."""
    # The fuzzer starts itself again for the merge, by its name: that of a script is needed.
    with TemporaryDirectory() as folder:
        script = Path(folder, "fuzzer")
        command = shlex.join([sys.executable, "-m", "fuzzing.process"])
        script.write_text(f'#!/bin/sh\nFUZZER="$0" exec {command} {target} "$@"\n')
        script.chmod(0o700)
        run = subprocess.run(  # noqa: S603  # our own
            [script, *LIMITS, f"-artifact_prefix={FOUND / target}/", *options],
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
    log = FOUND / f"{target}.log"
    log.write_text(run.stdout + run.stderr)
    tried = TRIED.search(run.stderr)
    if run.returncode:
        click.echo(run.stdout[-LOG_SHOWN:] + run.stderr[-LOG_SHOWN:])
    return run.returncode == 0, int(tried[1]) if tried else 0


if __name__ == "__main__":
    sys.exit(main(standalone_mode=False))
