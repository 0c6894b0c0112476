"""Runs the contracts of one commit, in a process of its own: what they make of files and rows.

The process has the sources of that commit first on its path, so this module uses only what every
commit has; what came later is looked for. It reads a request from standard input and writes the
answer to standard output, both JSON::

    {"files": [{"path", "key"}], "rows": [{"dataset", "raw" or "fields"}], "twice": bool}
    {"contracts": {dataset: declaration}, "files": [[row]], "rows": [outcome], "again": [...]}

A row of a file has ``number``, ``raw`` or ``fields``, and ``outcome``; number 0 says how the file
ends, as a row of ``null`` or of its code. An outcome has ``dataset`` and ``code``: empty if the row
is accepted, and then ``data``, the canonical JSON of its standard form, and ``identity``, if its
contract has a key. A row that the contract fails on has ``fault``, which says how.

``twice`` runs everything once more in the reverse order with the clock put back: ``again`` has the
outcomes of all rows, those of files first.
"""

import inspect
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from datasets.compatibility import clock
from services.processor.runtime import attributes, parsing
from services.processor.runtime.contracts import CONTRACTS, contract_for
from services.processor.runtime.errors import RejectedRowError, UnreadableFileError

Json = dict[str, Any]

# The first of a file are enough to compare contracts, and bound the memory.
MAX_ROWS_OF_FILE = 2000
FAULT = "CONTRACT_ERROR"
ENCODER = msgspec.json.Encoder(order="sorted", decimal_format="number")
# Raises for what the table cannot hold; the second is its name in a base of before.
CHECK: Any = getattr(attributes, "attribute_text", None) or vars(attributes)["attribute"]
# What decodes a row is not a contract, and may look at types.
OF_CONTRACTS = "services.processor.runtime.contracts"


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    files = [list(rows_of(Path(each["path"]), each["key"])) for each in request["files"]]
    runs: list[Callable[[], Json]] = [row["run"] for rows in files for row in rows]
    runs += [_of_row(row) for row in request["rows"]]
    outcomes = [run() for run in runs]
    answer = {
        "contracts": {name: declaration(each) for name, each in CONTRACTS.items()},
        "files": _with_outcomes(files, outcomes),
        "rows": outcomes[len(outcomes) - len(request["rows"]) :],
    }
    if request["twice"]:
        clock.put_back(OF_CONTRACTS)
        answer["again"] = [run() for run in reversed(runs)][::-1]
    json.dump(answer, sys.stdout)


def rows_of(path: Path, key: str) -> Iterator[Json]:
    """Yield the rows of a file, each with a function that runs its contract."""
    contract = contract_for(key)
    end = {"dataset": contract.dataset, "code": "", "data": "null", "identity": None}
    try:
        for row in _read(path.read_bytes(), key, contract):
            if row.number > MAX_ROWS_OF_FILE:
                break
            yield _row(contract, row)
    except UnreadableFileError as error:
        end = _refused(contract, error.code)
    yield {"number": 0, "raw": "", "run": lambda: end}


def declaration(contract: Any) -> Json:
    """Return what a contract declares.

    ``input`` is the JSON Schema of a row, if there is one; ``examples`` are rows as JSON texts, of
    which the contract is to accept those in ``good``.
    """
    form, examples = getattr(contract, "form", None), getattr(contract, "examples", ())
    return {
        "version": contract.version,
        "key": list(getattr(contract, "key", ())),
        "time": getattr(contract, "time", None),
        "form": asdict(form) if is_dataclass(form) and not isinstance(form, type) else {},
        "input": _schema(contract),
        "examples": [_text(each.row) for each in examples],
        "good": [_text(each.row) for each in examples if each.refused is None],
    }


def _read(content: bytes, key: str, contract: Any) -> Iterator[Any]:
    chunks = [content]
    if "suffix" in inspect.signature(parsing.read_rows).parameters:
        return parsing.read_rows(chunks, PurePosixPath(key).suffix)  # type: ignore[arg-type]
    from services.processor.runtime.file_names import file_format  # noqa: PLC0415  # came later

    form = file_format(key)
    if form is None:
        raise UnreadableFileError("UNKNOWN_SUFFIX", key)
    return parsing.read_rows(chunks, form, contract.form)


def _row(contract: Any, row: Any) -> Json:
    named: Json = {"number": row.number, "raw": row.raw.decode(errors="replace")}
    if hasattr(row, "code"):
        return {**named, "run": lambda: _refused(contract, row.code)}
    if hasattr(row, "fields"):
        named["fields"] = row.fields
    return {**named, "run": lambda: _outcome(contract, row.raw, getattr(row, "fields", None))}


def _of_row(row: Json) -> Callable[[], Json]:
    contract = CONTRACTS.get(row["dataset"])
    if contract is None:
        return lambda: {"dataset": "", "code": "NO_CONTRACT"}
    return lambda: _outcome(contract, row.get("raw", "").encode(), row.get("fields"))


def _outcome(contract: Any, raw: bytes, fields: Mapping[str, str] | None) -> Json:
    try:
        data = contract.from_json(raw) if fields is None else contract.from_csv(dict(fields))
        # What the table cannot hold is refused as well.
        CHECK(data)
        canonical = ENCODER.encode(data).decode()
        identity = _identity(contract, data)
    except RejectedRowError as error:
        refused = _refused(contract, error.code, error.field)
        return {**refused, "fault": error.message} if error.code == FAULT else refused
    except Exception as error:  # noqa: BLE001  # whatever a contract raises costs the row
        return {**_refused(contract, FAULT), "fault": f"{type(error).__name__} ({error})"}
    return {"dataset": contract.dataset, "code": "", "data": canonical, "identity": identity}


def _identity(contract: Any, data: Json) -> list[str] | None:
    if not getattr(contract, "key", ()):
        return None
    from services.processor.runtime.identity import identity  # noqa: PLC0415  # came with the keys

    return list(identity(contract.dataset, contract.key, contract.time, data))


def _refused(contract: Any, code: str, field: str | None = None) -> Json:
    return {"dataset": contract.dataset, "code": code, "field": field or ""}


def _schema(contract: Any) -> Json | None:
    declared = getattr(contract, "row", None)
    decoder = getattr(getattr(contract, "decode_json", None), "__self__", None)
    try:
        return msgspec.json.schema(declared or decoder.type, schema_hook=lambda _: {})  # type: ignore[union-attr]
    except (AttributeError, TypeError, ValueError):
        return None


def _text(row: object) -> str:
    return msgspec.json.Encoder(decimal_format="number").encode(row).decode()


def _with_outcomes(files: list[list[Json]], outcomes: list[Json]) -> list[list[Json]]:
    each = iter(outcomes)
    return [
        [
            {name: value for name, value in row.items() if name != "run"} | {"outcome": next(each)}
            for row in rows
        ]
        for rows in files
    ]


if __name__ == "__main__":
    main()
