import errno
import json
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from datasets import command
from datasets.examples import ExampleError, csv_file, json_file, run
from datasets.fields import input_fields, standard_fields
from datasets.site import write
from services.processor.runtime.contracts import CONTRACTS
from services.processor.runtime.declaration import Contract, Example, FileForm
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from tests.unit.processor.files import source_file

ORDERS = CONTRACTS["orders"]
DATASETS = sorted(CONTRACTS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("docs")
    list(write(CONTRACTS, folder))
    return folder


def test_every_dataset_has_a_page_that_the_start_page_links_to(site: Path) -> None:
    start = (site / "index.html").read_text()

    assert all(f'href="{name}.html"' in start for name in DATASETS)
    assert all((site / f"{name}.html").exists() for name in DATASETS)


@pytest.mark.parametrize("name", DATASETS)
def test_a_page_needs_nothing_but_itself_and_links_to_files_that_exist(
    site: Path, name: str
) -> None:
    page = (site / f"{name}.html").read_text()

    assert re.findall(r'\b(?:src|href)="(?:https?:)?//', page) == []
    assert "<script" not in page
    assert all((site / link).exists() for link in re.findall(r'href="([^"#]+)"', page))


def test_the_same_contracts_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    list(write(CONTRACTS, tmp_path / "again"))

    again = {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    assert again == {path.name: path.read_bytes() for path in site.iterdir()}


@pytest.mark.parametrize("name", DATASETS)
def test_a_page_names_every_field_key_and_refusal(site: Path, name: str) -> None:
    page, contract = (site / f"{name}.html").read_text(), CONTRACTS[name]

    shown = [field.name for field in input_fields(contract)]
    shown += [field.name for field in standard_fields(contract)]
    shown += [*contract.key, *filter(None, (each.refused for each in contract.examples))]
    assert [each for each in shown if each not in page] == []


@pytest.mark.parametrize("name", [name for name in DATASETS if CONTRACTS[name].examples])
@pytest.mark.parametrize("file_format", ["json", "csv"])
def test_the_files_on_a_page_are_accepted_as_they_stand(name: str, file_format: Any) -> None:  # noqa: ANN401
    contract = CONTRACTS[name]
    rows = [each.row for each in contract.examples if each.refused is None]
    text = (json_file if file_format == "json" else csv_file)(contract, rows)

    records = [
        record_item(source_file(dataset=name), contract, row)
        for row in read_rows([text.encode(contract.form.encoding)], file_format, contract.form)
    ]

    assert len(records) == len(rows)
    assert [record.rejection for record in records if record.rejection] == []


def test_a_csv_file_on_a_page_has_the_lines_that_are_skipped() -> None:
    contract = replace(ORDERS, form=FileForm(skip_lines=2))
    rows = [each.row for each in ORDERS.examples if each.refused is None]

    [row] = read_rows([csv_file(contract, rows).encode()], "csv", contract.form)

    assert record_item(source_file(dataset="orders"), contract, row).rejection is None


def with_example(example: Example) -> Contract[Any]:
    return replace(ORDERS, examples=(example,))


def test_an_example_that_is_accepted_though_declared_as_refused_stops_the_build(
    tmp_path: Path,
) -> None:
    good = next(each for each in ORDERS.examples if each.refused is None)
    contract = with_example(Example(row=good.row, refused="BAD_FORMAT"))

    with pytest.raises(ExampleError, match="is accepted, not BAD_FORMAT"):
        list(write({"orders": contract}, tmp_path / "docs"))
    assert not (tmp_path / "docs").exists()


def test_an_example_that_is_refused_though_declared_as_accepted_stops_the_build() -> None:
    with pytest.raises(ExampleError, match="is MISSING_FIELD, not accepted"):
        run(with_example(Example(row={})))


def references(value: object) -> list[str]:
    if isinstance(value, Mapping):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for each in value.values() for ref in references(each)]
    if isinstance(value, list):
        return [ref for each in value for ref in references(each)]
    return []


def test_every_reference_in_the_description_of_the_events_leads_somewhere(site: Path) -> None:
    document = json.loads((site / "asyncapi.json").read_text())

    for reference in references(document):
        found: Any = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]


def test_the_schema_of_a_row_names_every_required_field() -> None:
    required = {field.name for field in input_fields(ORDERS) if field.is_required}

    assert {"id", "timestamp", "amount", "customer", "customer.id"} <= required
    assert "note" not in required


def test_a_folder_that_cannot_be_written_is_one_sentence_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path))

    monkeypatch.setattr(Path, "write_text", refuse)

    assert command.main(["pages", "--to", str(tmp_path)]) == command.REFUSED
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith("Error: ")
    assert "free some space" in told
