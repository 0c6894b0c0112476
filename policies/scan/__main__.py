"""``python -m policies.scan``: scan templates, workflows, sources and what code may do, offline.

Runs in the environment of the tools, ``.scan-venv``.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from policies import register
from policies.command_line import AS_JSON, ASSEMBLY
from policies.finding import Finding
from policies.gate import judge
from policies.scan import code, scanners, secrets, tools, tree
from policies.templates.template import Place

# The scans see files, not stacks.
TREE = Place(path="")
PATH = click.Path(path_type=Path)


@click.command()
@click.option("--root", type=PATH, default=".", help="Folder of the repository.")
@ASSEMBLY
@click.option(
    "--accepted", "rows", type=PATH, default=register.FOLDER, help="Folder of the register."
)
@click.option("--only", multiple=True, type=click.Choice(register.TOOLS), help="Run only this.")
@AS_JSON
def main(*, root: Path, folder: Path, rows: Path, only: Sequence[str], as_json: bool) -> None:
    """Scan the templates, the workflows, the tree, and what the code of functions and app may do.

    Exit with 1 if there is a finding that is not accepted, with 2 if a tool or the register fails.
    """
    chosen = only or register.TOOLS
    scans = _scans(root.resolve(), folder.resolve())
    findings: list[Finding] = []
    for name in chosen:
        started = time.monotonic()
        findings += scans[name]
        click.echo(f"{time.monotonic() - started:6.1f} s  {name}", err=True)
    waivers = [waiver for waiver in register.load(rows) if waiver.gate in (*chosen, "")]
    verdict = judge(findings, waivers, [TREE], today=datetime.now(tz=UTC).date())
    if as_json:
        click.echo(json.dumps([asdict(found) for found in verdict.findings], indent=2))
    else:
        summary = f"scan: {verdict.colour}; {len(verdict.accepted)} accepted in {register.ROWS}"
        click.echo(verdict.text(summary))
    raise SystemExit(0 if verdict.green else 1)


def _scans(root: Path, assembly: Path) -> Mapping[str, Iterable[Finding]]:
    """Return the findings of each scan, which runs when they are asked for."""
    others = {
        "cfn-lint": scanners.lint_templates(root, assembly),
        "cloudformation-validate": scanners.validate(assembly),
        "zizmor": scanners.audit(root),
        "actionlint": scanners.lint_workflows(root),
        "betterleaks": secrets.find(root),
    }
    return {
        **{name: tools.findings(name, rows, root) for name, rows in others.items()},
        **{name: code.find(root, tool=name) for name in code.FILES},
        register.OURS: tree.inspect(root),
    }


if __name__ == "__main__":
    main(prog_name="python -m policies.scan")
