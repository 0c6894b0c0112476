"""A file becomes the same items on the project's own Python, as operators have it, and on Lambda's.

Where both are of one version this says only that a bundle reads as its sources do.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from local.demo.input_files import SAMPLES
from services.bundling import ROOT, bundle
from services.lambda_python import FUNCTIONS_PYTHON
from tests.e2e.formats import ORDERS
from tests.e2e.rejections import BAD_ORDERS, BAD_VALUES

# How deep a parser gets differs between versions of Python.
LEVELS = (1, 29, 30, 31, 499, 500, 501, 900, 1100, 2500)
DEEP = (5000, 20_000, 90_000)  # they are given once, as reading them takes seconds
# Letters with unusual cases. Those that Unicode got after Python 3.11 do differ: see decision 43.
LETTERS = ("\u00df\u0130\u01c5", "\u1e9e\u03a3\u03c2", "\ua7c7\U0001e900")
NUMBERS = ("0.1", "1e-130", "-0", "1E+37", "12345678901234567890123456789012345678", "1.0e2")
MAKE_ITEMS = """
import hashlib, json, pathlib, sys
sources, root = sys.argv[1:]
sys.path.insert(0, sources)
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import file_format
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
made = {}
for path in sorted(pathlib.Path(root).rglob("*.*")):
    key = str(path.relative_to(root))
    if path.suffix not in (".json", ".csv"):
        continue
    contract, raw, items = contract_for(key), path.read_bytes(), []
    file = SourceFile(
        bucket="incoming", key=key, version="v1", timestamp="2026-11-02T08:30:00.000Z",
        size_bytes=len(raw), dataset=contract.dataset, contract_version=contract.version,
        origin_region="us-east-1",
    )
    try:
        for row in read_rows([raw], file_format(key), contract.form):
            item = record_item(file, contract, row).item
            digest = hashlib.sha256(item).hexdigest()
            items.append(f"{item[:900].decode(errors='replace')} {digest}")
    except UnreadableFileError as refusal:
        items.append(f"{refusal.code} {refusal.row} {refusal.message}")
    made[key] = items
print(json.dumps(made))
"""


def items(python: str | Path, sources: Path, root: Path) -> dict[str, list[str]]:
    """What the files below ``root`` become, by key, with the sources in another folder."""
    ran = subprocess.run(
        [python, "-P", "-c", MAKE_ITEMS, sources, root], capture_output=True, text=True, check=True
    )
    made: dict[str, list[str]] = json.loads(ran.stdout)
    return made


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """A folder of files of which each row is unusual."""
    nested, deep = _nested(LEVELS), _nested(DEEP)
    named = [json.dumps({word: word}, ensure_ascii=False).encode() for word in LETTERS]
    numbers = [b'{"number": %s}' % number.encode() for number in NUMBERS]
    orders = [
        json.dumps({**ORDERS[0], "id": word, "category": word, "note": word}).encode()
        for word in LETTERS
    ]
    closed = [row for row in nested if row.endswith(b"}")]
    rows = {
        "values.json": [bad.raw for bad in BAD_VALUES] + nested + deep + named + numbers,
        "array.json": [b"[" + b",\n".join([*closed, *named, *numbers]) + b"]"],
        "orders/rows.json": [bad.raw for bad in BAD_ORDERS] + nested + named + orders,
        "letters.csv": [",".join(LETTERS).encode()] + [",".join(LETTERS).encode()] * 2,
    }
    for key, lines in rows.items():
        (tmp_path / key).parent.mkdir(exist_ok=True)
        (tmp_path / key).write_bytes(b"\n".join(lines) + b"\n")
    return tmp_path


def _nested(levels: tuple[int, ...]) -> list[bytes]:
    """Return rows of so many levels: of objects, of arrays, and of arrays that stay open."""
    nested = [b'{"a":' * n + b"1" + b"}" * n for n in levels]
    nested += [b'{"a":%s}' % (b"[" * n + b"]" * n) for n in levels]
    return nested + [b'{"id": %s' % (b"[" * n) for n in levels]


@pytest.mark.parametrize("files", ["samples", "awkward"])
def test_a_file_becomes_the_same_items(files: str, awkward: Path) -> None:
    root = SAMPLES if files == "samples" else awkward
    processor = bundle(ROOT / "services" / "processor" / "runtime", "host")

    here = items(sys.executable, ROOT, root)
    on_lambda = items(FUNCTIONS_PYTHON, processor, root)

    assert here
    assert on_lambda == here
