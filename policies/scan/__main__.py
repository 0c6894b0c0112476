"""``python -m policies.scan``: scan the templates, the workflows and the tree, offline.

Runs in the environment of the tools, ``.scan-venv``.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

import click

from policies.command_line import AS_JSON, ASSEMBLY, Undetermined
from policies.scan import accepted, secrets, templates, workflows
from policies.scan.tools import Fault, ToolError

TOOLS = ("cfn-lint", "cloudformation-validate", "zizmor", "actionlint", "betterleaks")
PATH = click.Path(path_type=Path)

Scan = Callable[[], Iterable[Fault]]


@click.command()
@click.option("--root", type=PATH, default=".", help="Folder of the repository.")
@ASSEMBLY
@click.option("--accepted", "rows", type=PATH, default=accepted.FILE, help="Accepted faults.")
@click.option("--only", multiple=True, type=click.Choice(TOOLS), help="Run this tool only.")
@AS_JSON
@click.pass_context
def main(
    context: click.Context,
    *,
    root: Path,
    folder: Path,
    rows: Path,
    only: Sequence[str],
    as_json: bool,
) -> None:
    """Scan the templates, the workflows and the tree.

    Exit with 1 if there is a fault that is not accepted, with 2 if a tool fails.
    """
    chosen = only or TOOLS
    scans = _scans(root.resolve(), folder.resolve())
    try:
        faults = [fault for name in chosen for fault in _timed(name, scans[name])]
    except ToolError as error:
        raise Undetermined(str(error)) from error
    found = accepted.remaining(faults, [row for row in accepted.load(rows) if row.tool in chosen])
    if as_json:
        click.echo(json.dumps([asdict(fault) for fault in found], indent=2))
    else:
        click.echo("\n\n".join([*map(str, found), _summary(found, len(faults))]))
    context.exit(1 if found else 0)


def _scans(root: Path, assembly: Path) -> dict[str, Scan]:
    return {
        "cfn-lint": partial(templates.lint, root, assembly),
        "cloudformation-validate": partial(templates.validate, root, assembly),
        "zizmor": partial(workflows.audit, root),
        "actionlint": partial(workflows.lint, root),
        "betterleaks": partial(secrets.find, root),
    }


def _timed(name: str, scan: Scan) -> list[Fault]:
    started = time.monotonic()
    faults = list(scan())
    click.echo(f"{time.monotonic() - started:6.1f} s  {name}", err=True)
    return faults


def _summary(found: Sequence[Fault], total: int) -> str:
    colour = f"RED, {len(found)} fault(s)" if found else "green"
    return f"scan: {colour}; {total - len(found)} accepted in policies/scan/accepted.toml"


if __name__ == "__main__":
    main(prog_name="python -m policies.scan")
