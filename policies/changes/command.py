"""``python -m policies changes``: what a deployment would change, compared with a base.

And the rows that accept what is open, for a person to give the reason.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from datasets.compatibility.bucket import BUCKET, LAST, newest
from datasets.compatibility.comparison import DataComparison
from datasets.compatibility.process import DataError
from policies import register
from policies.changes import base_selection
from policies.changes.comparison import Base, compare
from policies.changes.contract_findings import FINAL
from policies.changes.contract_sources import since
from policies.changes.resource_spec import Spec
from policies.command_line import ASSEMBLY, Undetermined
from policies.finding import Finding, texts
from policies.gate import quoted
from policies.register import CHANGES, DEPLOYED, FOLDER, ROWS
from policies.templates import assembly
from policies.templates.template import Place

OPTIONS = (ASSEMBLY, base_selection.BASE, base_selection.BASE_ASSEMBLY, BUCKET, LAST)
HEAD = f"""\
# Why is this right, for all rows of this file? Changes with another reason go to another file.
reason = ""
owner = ""
until = "{DEPLOYED}"
"""


def comparing(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options of ``compared`` to a command."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def compared(
    *, folder: Path, base: str | None, base_assembly: Path | None, bucket: str | None, last: int
) -> tuple[assembly.Assembly, Base, DataComparison]:
    """Return an assembly, what it is compared with, and what changes in the data.

    Raise ``Undetermined`` if that can't be known.
    """
    read = assembly.read(folder)
    chosen = base_selection.chosen(base, base_assembly, read)
    try:
        with newest(bucket, last) as objects:
            return read, chosen, since(chosen, objects, bucket or "")
    except DataError as error:
        raise Undetermined(str(error)) from error


@click.command()
@comparing
@click.option(
    "--acknowledge",
    metavar="NAME",
    # It is refused at once, and not after the comparison, which takes half a minute.
    callback=lambda _context, _option, name: name and new_file(name).stem,
    help="Write the rows that accept what is open.",
)
def changes(acknowledge: str | None, **options: Any) -> None:
    """Compare an assembly with its base.

    Exit with 1 if a change is not accepted, with 2 if there is nothing to compare.
    """
    read, base, data = compared(**options)
    found = compare(base, read.stacks, register.load(), Spec.load(), data)
    click.echo(found.text())
    if acknowledge:
        file, number = write_rows(acknowledge, found.verdict.findings, found.places)
        told = f"{ROWS}/{file.name}: {number} to accept; give the reason and the owner in it,"
        told += " commit it with the change, and run this again without ACKNOWLEDGE"
        nothing = "nothing is open that a row could accept: no file was written"
        click.echo(told if number else nothing)
    raise SystemExit(0 if found.verdict.green else 1)


def new_file(name: str) -> Path:
    """Return the file of the register that rows called ``name`` are written to.

    Raise ``Undetermined`` if the name is none of a file of the register, or there is such a file.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise Undetermined(f"{name!r} can't name a file of rows: use small letters, digits and _")
    file = FOLDER / f"{name}.toml"
    if file.exists():
        raise Undetermined(f"{ROWS}/{name}.toml exists: delete it first, or use another name")
    return file


def write_rows(name: str, findings: Iterable[Finding], places: Sequence[Place]) -> tuple[Path, int]:
    """Write ``name.toml`` to the register; return the file and the number of its findings.

    Without a reason and an owner the file is red itself. Nothing is written if it would be empty.
    Raise ``Undetermined`` as ``new_file`` does.
    """
    left = [each for each in findings if each.gate == CHANGES and each.kind not in FINAL]
    rules_at: dict[str, set[str]] = defaultdict(set)
    for each in left:
        # Rows have the path without the stage that it begins with.
        below = (place.below_stage(each.path) for place in places)
        rules_at[min(below, key=len, default=each.path)].add(each.rule)
    paths_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for path, rules in sorted(rules_at.items()):
        paths_of[tuple(sorted(rules))].append(path)
    file = new_file(name)
    if rules_at:
        rows = (
            f"\n[[accepted]]\n{_list('findings', same)}{_list('paths', paths)}"
            for same, paths in paths_of.items()
        )
        file.write_text(HEAD + "".join(rows))
    return file, len(texts(left))


def _list(name: str, texts: Iterable[str]) -> str:
    return f"{name} = [\n{''.join(f'  {quoted(text)},{chr(10)}' for text in texts)}]\n"
