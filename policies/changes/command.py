"""``python -m policies changes``: what a deployment would change, compared with a base."""

import json
from pathlib import Path

import click

from policies import register
from policies.changes import base_selection
from policies.changes.base_selection import BASE, BASE_ASSEMBLY
from policies.changes.comparison import compare
from policies.changes.data.bucket import BUCKET, LAST, newest
from policies.changes.data.process import DataError
from policies.changes.data.since import since
from policies.changes.repository import BaseError
from policies.changes.resource_spec import Spec, SpecError
from policies.command_line import AS_JSON, ASSEMBLY, Undetermined
from policies.templates import assembly

ERRORS = (BaseError, DataError, SpecError, register.RegisterError, assembly.AssemblyError)


@click.command()
@ASSEMBLY
@BASE
@BASE_ASSEMBLY
@BUCKET
@LAST
@AS_JSON
@click.pass_context
def changes(
    context: click.Context,
    *,
    folder: Path,
    base: str | None,
    base_assembly: Path | None,
    bucket: str | None,
    last: int,
    as_json: bool,
) -> None:
    """Compare an assembly with its base.

    Exit with 1 if a change is not accepted, with 2 if there is nothing to compare.
    """
    try:
        stacks = assembly.read(folder).stacks
        chosen = base_selection.chosen(base, base_assembly, stacks)
        with newest(bucket, last) as objects:
            data = since(chosen, objects, bucket or "")
        compared = compare(chosen, stacks, register.load(), Spec.load(), data)
    except ERRORS as error:
        raise Undetermined(str(error)) from error
    click.echo(json.dumps(compared.as_data(), indent=2) if as_json else compared.text())
    context.exit(0 if compared.verdict.green else 1)
