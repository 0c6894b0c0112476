"""The site: a page per dataset, a start page, and the schemas that they link to."""

import json
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from datasets import examples
from datasets.events_schema import asyncapi
from datasets.fields import input_fields, standard_fields
from datasets.schemas import row_schema, standard_schema
from services.processor.runtime.declaration import Contract
from services.processor.runtime.file_names import SUFFIXES

TEMPLATES = Path(__file__).parent / "templates"
# Its day cannot be taken for its month.
_SHOWN_MOMENT = datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write(contracts: Mapping[str, Contract[Any]], folder: Path) -> Iterator[Path]:
    """Write the site anew into ``folder`` and yield its pages, the start page first.

    The same contracts give the same bytes.

    Raises:
        ExampleError: a contract's example is not what the contract says; nothing is written.

    """
    outcomes = {name: examples.run(contract) for name, contract in contracts.items()}
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["pretty"] = _pretty
    yield _page(environment, folder / "index.html", "start.html.j2", contracts=contracts)
    for name, contract in contracts.items():
        _write_json(folder / f"{name}.row.schema.json", row_schema(contract), name)
        _write_json(folder / f"{name}.standard.schema.json", standard_schema(contract), name)
        values = _view(contract, outcomes[name])
        yield _page(environment, folder / f"{name}.html", "dataset.html.j2", **values)
    (folder / "asyncapi.json").write_text(_pretty(asyncapi(contracts)) + "\n")


def _page(environment: Environment, path: Path, template: str, **values: object) -> Path:
    style = (TEMPLATES / "style.css").read_text()
    text = environment.get_template(template).render(style=style, suffixes=SUFFIXES, **values)
    path.write_text(text + "\n")
    return path


def _view(contract: Contract[Any], outcomes: list[examples.Outcome]) -> dict[str, Any]:
    rows = [dict(each.example.row) for each in outcomes if each.code is None]
    return {
        "contract": contract,
        "form": contract.form,
        "shown_moment": _SHOWN_MOMENT,
        "fields": input_fields(contract),
        "standards": standard_fields(contract),
        "accepted": [each for each in outcomes if each.code is None],
        "refused": [each for each in outcomes if each.code is not None],
        "json_file": examples.json_file(contract, rows) if rows else "",
        "csv_file": examples.csv_file(contract, rows) if rows else "",
        "record_id": f"{contract.dataset}:" + "|".join(f"<{name}>" for name in contract.key),
    }


def _write_json(path: Path, schema: dict[str, Any], title: str) -> None:
    path.write_text(_pretty({"$schema": DIALECT, "title": title, **schema}) + "\n")


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)
