"""The command line of ``make contract`` and ``make docs``."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from datasets.compatibility import patterns
from datasets.trial import Trial, UnknownFormatError, try_file
from machine import faults
from services.processor.runtime.canonical import canonical_json
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.declaration import Contract
from services.processor.runtime.errors import ContractError

WELL, REJECTED, REFUSED = 0, 1, 3
RECORDS_SHOWN = 3
REJECTIONS_SHOWN = 20
PATH = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def datasets() -> None:
    """Try a contract on a file, or write the pages of all datasets."""


@datasets.command("try")
@click.argument("name", metavar="NAME", type=click.Choice(sorted(CONTRACTS)))
@click.argument("file", type=PATH)
@click.option("--all", "show_all", is_flag=True, help="Show every rejected row, not the first 20.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def try_contract(name: str, file: Path, *, show_all: bool, as_json: bool) -> int:
    """Read FILE by the contract NAME, as the processor would, and print the outcome.

    Exit code 0 if every row is accepted, 1 if not, 3 if the file cannot be tried.
    """
    _refuse_endless(CONTRACTS[name])
    try:
        trial = try_file(
            CONTRACTS[name],
            file,
            records=RECORDS_SHOWN,
            rejections=None if show_all else REJECTIONS_SHOWN,
        )
    except (OSError, UnknownFormatError) as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(_as_data(trial), ensure_ascii=False))
    else:
        _show(trial, name, file)
    return WELL if trial.is_well else REJECTED


@datasets.command("pages")
@click.option("--to", type=PATH, required=True, help="The folder to write.")
def write_pages(to: Path) -> int:
    """Write a page for each dataset, the schemas and a start page; replace what is there."""
    from datasets.site import write  # noqa: PLC0415  # only this command waits for jinja2

    for contract in CONTRACTS.values():
        _refuse_endless(contract)
    for page in write(CONTRACTS, to):
        click.echo(str(page))
    return WELL


def main(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code."""
    try:
        return int(datasets.main(list(arguments), prog_name="datasets", standalone_mode=False) or 0)
    except click.UsageError as error:
        error.show()
        return REFUSED
    except OSError as error:
        click.echo(f"Error: {faults.describe(error)}", err=True)
        return REFUSED
    except click.Abort:
        click.echo("interrupted", err=True)
        return REFUSED


def _refuse_endless(contract: Contract[Any]) -> None:
    for problem in patterns.problems(contract.row_schema()):
        raise ContractError(f"contract {contract.dataset!r}: {problem}")


def _show(trial: Trial, name: str, file: Path) -> None:
    rejected = sum(trial.codes.values())
    rows = trial.accepted + rejected
    click.echo(
        f"{file}, read as {name}: {_rows(rows)}, {trial.accepted} accepted, {rejected} rejected"
    )
    if trial.failure:
        click.secho(f"FAILED {trial.failure.code}: {trial.failure.message}", fg="red")
    if trial.records:
        click.echo("\nstandard form of the first accepted rows")
        for record_id, data in trial.records:
            click.echo(f"  {record_id}  {canonical_json(data).decode()}")
    if trial.codes:
        click.echo("\nrejected")
        for code, count in trial.codes.most_common():
            click.secho(f"  {count:>7}  {code}", fg="yellow")
        for each in trial.rejected:
            why = each.rejection
            click.echo(f"  line {each.line}, row {each.row}: {why.code}: {why.message}")
        if rejected > len(trial.rejected):
            click.echo(f"  ... {rejected - len(trial.rejected)} more; ARGS=--all shows them")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _as_data(trial: Trial) -> dict[str, Any]:
    failure = trial.failure
    return {
        "rowsAccepted": trial.accepted,
        "rowsRejected": sum(trial.codes.values()),
        "rejections": dict(trial.codes.most_common()),
        "records": [
            {"recordId": record_id, "data": json.loads(canonical_json(data))}
            for record_id, data in trial.records
        ],
        "rejected": [
            {
                "row": each.row,
                "line": each.line,
                "code": each.rejection.code,
                "field": each.rejection.field,
                "message": each.rejection.message,
            }
            for each in trial.rejected
        ],
        "failure": failure
        and {"code": failure.code, "message": failure.message, "row": failure.row},
    }
