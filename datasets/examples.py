"""A contract's examples, run through the contract itself, and written as its producers write."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from datasets.trial import trial_file
from services.processor.runtime.declaration import Contract, Example
from services.processor.runtime.declaration.csv_reader import Column
from services.processor.runtime.declaration.kinds import MomentKind, NumberKind, WholeKind
from services.processor.runtime.declaration.numbers import write_number
from services.processor.runtime.declaration.objects import SEPARATOR, ListKind
from services.processor.runtime.declaration.readers import DeclaredFields
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import JsonRow


class ExampleError(Exception):
    """An example of a contract is not what the contract says; the message says which and why."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What the contract makes of an example: its standard form, or the reason for a refusal."""

    example: Example
    standard: dict[str, Any] | None = None
    code: str | None = None
    message: str | None = None


def run(contract: Contract[Any]) -> list[Outcome]:
    """Return the outcome of every example of a contract.

    Raises:
        ExampleError: one is accepted that should be refused, or the reverse.

    """
    return [_run(contract, example) for example in contract.examples]


def _run(contract: Contract[Any], example: Example) -> Outcome:
    raw = json.dumps(example.row, ensure_ascii=False).encode()
    why = record_item(trial_file(contract), contract, JsonRow(1, raw)).rejection
    outcome = (
        Outcome(example=example, code=why.code, message=why.message)
        if why
        else Outcome(example=example, standard=contract.from_json(raw))
    )
    if outcome.code != example.refused:
        expected, got = (code or "accepted" for code in (example.refused, outcome.code))
        shown = raw.decode()[:200]
        problem = f"contract {contract.dataset!r}: its example {shown} is {got}, not {expected}"
        raise ExampleError(f"{problem}; correct the example's row or its refused=")
    return outcome


def json_file(contract: Contract[Any], rows: Sequence[Mapping[str, object]]) -> str:
    """Return a JSON file of the rows, with the wrapper that the contract expects, if it does."""
    frame: object = rows
    for name in reversed((contract.form.records_at or "").split(".")):
        frame = {name: frame} if name else frame
    return json.dumps(frame, indent=2, ensure_ascii=False)


def csv_file(contract: Contract[Any], rows: Sequence[Mapping[str, object]]) -> str:
    """Return a CSV file of the rows in the contract's own form."""
    reader = contract.reader
    if not isinstance(reader, DeclaredFields):
        names = list(dict.fromkeys(name for row in rows for name in row))
        table = [names, *([str(row.get(name, "")) for name in names] for row in rows)]
    else:
        columns = list(reader.csv.columns.values())
        table = [[column.name for column in columns]]
        table += [[_cell(contract, column, row) for column in columns] for row in rows]
    text = io.StringIO()
    text.write("a line that is skipped\n" * contract.form.skip_lines)
    csv.writer(text, delimiter=contract.form.delimiter, lineterminator="\n").writerows(table)
    return text.getvalue()


def _cell(contract: Contract[Any], column: Column, row: Mapping[str, object]) -> str:
    value: object = row
    for name in column.path:
        value = value.get(name) if isinstance(value, Mapping) else None
    kind = column.member.kind
    if value is None:
        return ""
    if isinstance(kind, ListKind) and isinstance(value, list):
        return SEPARATOR.join(str(element) for element in value)
    if isinstance(kind, NumberKind | WholeKind) and not isinstance(value, str):
        return write_number(Decimal(str(value)), decimal_comma=contract.form.decimal_comma)
    if isinstance(kind, MomentKind) and contract.form.moment_forms:
        return _moment(contract, str(value))
    return str(value)


def _moment(contract: Contract[Any], text: str) -> str:
    try:
        moment = msgspec.convert(text, type=datetime)
    except msgspec.ValidationError:
        return text  # in a form of the contract already
    zone = contract.form.zone
    local = moment.astimezone(ZoneInfo(zone)) if zone else moment
    return local.strftime(contract.form.moment_forms[0])
