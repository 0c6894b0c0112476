"""The files and rows that contracts are compared with: samples, examples, and what follows.

Files go through each commit's own reader, so that a change in how files are read is seen as well.
Rows are derived from the examples and the first good rows of the samples, for JSON and for CSV, by
what either commit declares: a few thousand in all, which take a second.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from datasets.compatibility.generation import Row, as_cells, csv_rows, good_row, json_rows

SAMPLES = "samples"
# Of each form; more good rows would give more of the same.
MOST_GOOD_ROWS = 2

Answer = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """A file on this machine and the key it has, or would have, in the bucket."""

    path: Path
    key: str

    def as_request(self) -> Mapping[str, str]:
        """Return the file as the worker is asked for it."""
        return {"path": str(self.path), "key": self.key}


def sample_files(*folders: Path) -> list[File]:
    """Return the files below the ``samples`` of each folder; the same content of a key once."""
    found: dict[tuple[str, bytes], File] = {}
    for folder in folders:
        samples = folder / SAMPLES
        for path in sorted(samples.glob("*/**/*")):
            if path.is_file():
                key = path.relative_to(samples).as_posix()
                found.setdefault((key, path.read_bytes()), File(path=path, key=key))
    return list(found.values())


def rows(answers: Sequence[Answer]) -> list[Row]:
    """Return the rows to try with every dataset that one of the answers has, each once."""
    datasets = sorted({name for answer in answers for name in answer["contracts"]})
    made = (row for name in datasets for row in _of_dataset(name, answers))
    return list({(row.dataset, row.text): row for row in made}.values())


def _of_dataset(dataset: str, answers: Sequence[Answer]) -> Iterator[Row]:
    declared = [a["contracts"][dataset] for a in answers if dataset in a["contracts"]]
    schemas = _distinct(each["input"] or {} for each in declared)
    for example in _distinct(text for each in declared for text in each["examples"]):
        yield Row(dataset=dataset, origin="an example of the contract", raw=example)
    for schema in schemas:
        for good in (*_good_json(dataset, answers), *filter(None, [good_row(schema)])):
            yield from json_rows(dataset, schema, good)
            yield from csv_rows(dataset, as_cells(good))
    for cells in _good_cells(dataset, answers):
        yield from csv_rows(dataset, cells)


def _good_json(dataset: str, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    declared = (a["contracts"][dataset] for a in answers if dataset in a["contracts"])
    texts = [text for each in declared for text in each["good"]]
    texts += [row["raw"] for row in _accepted(dataset, answers) if "fields" not in row]
    parsed = (json.loads(text, parse_float=Decimal) for text in _fullest(texts))
    return [row for row in parsed if isinstance(row, dict)]


def _good_cells(dataset: str, answers: Sequence[Answer]) -> list[dict[str, str]]:
    texts = (json.dumps(row["fields"]) for row in _accepted(dataset, answers) if "fields" in row)
    return [json.loads(text) for text in _fullest(texts)]


def _accepted(dataset: str, answers: Sequence[Answer]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of files that one of the answers accepts."""
    for answer in answers:
        for file in answer["files"]:
            for row in file:
                outcome = row["outcome"]
                if outcome["dataset"] == dataset and not outcome["code"] and row["number"]:
                    yield row


def _fullest(texts: Iterable[str]) -> list[str]:
    """Return the longest of the texts, which have the most fields."""
    return sorted({*texts}, key=lambda text: (-len(text), text))[:MOST_GOOD_ROWS]


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list({json.dumps(value): value for value in values}.values())
