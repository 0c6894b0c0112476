import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console

import naming
from local import command_line, console
from local.cloud import Cloud
from local.demo import __doc__ as summary
from local.demo import demo
from local.demo.functions_python import functions_python
from local.demo.input_files import own_files, sample_files
from local.demo.marks import coloured
from local.demo.report import hints, notes, python_note, round_notes, table, verdict
from local.demo.report_data import report
from local.paths import DEFAULT_STATE, REPOSITORY
from local.progress import Progress
from ops.region import Region

REPORT = REPOSITORY / "build" / "demo.json"
IF_INTERRUPTED = "run it again to go on, nothing is stored twice; make down removes the cloud"
PATH = click.Path(path_type=Path)


@click.command(help=summary, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--files", type=PATH, multiple=True, metavar="PATH...", help="Replaces the samples.")
@click.argument("more_files", type=PATH, nargs=-1, metavar="")
@click.option("--state", type=PATH, default=DEFAULT_STATE, help="The local cloud's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the report in build/demo.json.")
def command(
    files: tuple[Path, ...], more_files: tuple[Path, ...], state: Path, *, as_json: bool
) -> int:
    paths = [*files, *more_files]
    to_send = own_files(paths) if paths else sample_files()
    cloud, progress = Cloud.start(state), Progress()
    page = "" if as_json else console.start(cloud)
    if page:
        progress.note(f"watch it live: {page}")
    regions = {
        name: Region(cloud.session(name), name, cloud.outputs(name)) for name in naming.REGIONS
    }
    started_ms = int(time.time() * 1000)
    corrections = None if paths else REPORT.parent / "corrections"
    parts, correction = demo.run(regions, to_send, progress, corrections)
    outcomes = [outcome for part in parts.values() for outcome in part]
    pythons = functions_python(regions.values(), started_ms)
    found = {**report(outcomes, correction), "python": pythons}
    text = json.dumps(found, indent=2, ensure_ascii=False)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text + "\n")
    if as_json:
        click.echo(text)
    else:
        buckets = {name: region.bucket for name, region in regions.items()}
        texts = [table(parts), notes(outcomes), *([round_notes(correction)] if correction else [])]
        texts += ["", python_note(pythons), verdict(outcomes, correction), "", hints(buckets, page)]
        # In a log, and in a narrow window, each line stays one line.
        Console().print(coloured("\n".join(texts)), soft_wrap=True)
    return 0 if found["right"] else 1


def main(arguments: Sequence[str]) -> int:
    """Run the demo; return 0 only if all counts match."""
    return command_line.run(command, arguments, IF_INTERRUPTED)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
