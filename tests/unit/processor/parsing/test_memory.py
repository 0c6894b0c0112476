"""However large a file or a row is, only a little of it is held at a time."""

import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, repeat

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import (
    json_scanner,
    json_values,
    json_window,
    read_rows,
    row_buffer,
)

FILL = b"x" * 10_000


def peak_bytes(chunks: Iterator[bytes], file_format: Format) -> int:
    tracemalloc.start()
    with suppress(UnreadableFileError):
        for _ in read_rows(chunks, file_format):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    ("file_format", "before", "row"),
    [
        ("json", b"", b'{"a":"' + FILL + b'"}\n'),
        ("json", b"[0", b',{"a":"' + FILL + b'"}'),
        ("json", b"", b'{"a":"' + FILL + b'"}'),
        ("json", b"", b'{"a":"' + FILL + b"\n"),
        ("json", b"[0", b',{"a":["' + FILL + b'",NaN]}'),
        ("csv", b"a,b\n", FILL + b',"1\n"\n'),
        ("csv", b"a,b\n1,2\n", b",\n" * 500),
        ("csv", b"a,b\n1,2\n", FILL + b"\n"),
    ],
    ids=["lines", "array", "run", "broken", "mistakes", "csv", "blank", "ragged"],
)
def test_a_longer_file_takes_no_more_memory(file_format: Format, before: bytes, row: bytes) -> None:
    chunk = row * 10

    short = peak_bytes(chain([before], repeat(chunk, 25)), file_format)
    long = peak_bytes(chain([before], repeat(chunk, 75)), file_format)

    assert long < 1.2 * short


@pytest.mark.parametrize(
    ("file_format", "before"),
    [
        ("json", b'{}\n"'),
        ("json", b'["'),
        ("json", b'{"a":\n"'),
        ("json", b'{"a" 1, "'),
        ("json", b"{}\n1"),
        ("csv", b"a\n"),
        ("csv", b'"'),
        ("csv", b"a,b\n1\n2\n"),
    ],
    ids=[
        "line",
        "element",
        "document",
        "broken value",
        "word",
        "record",
        "quoted header",
        "after a mismatch",
    ],
)
def test_a_row_without_end_takes_the_memory_of_one_at_the_limit(
    file_format: Format, before: bytes
) -> None:
    peak = peak_bytes(chain([before], repeat(FILL * 10, 100)), file_format)

    assert peak < 5_000_000


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'], ids=["lists", "objects"])
def test_nesting_without_end_takes_no_more_memory_than_nesting_at_the_limit(
    bracket: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (row_buffer, json_scanner, json_values, json_window):
        monkeypatch.setattr(module, "MAX_ROW_BYTES", 20_000)

    short = peak_bytes(repeat(bracket * 1_000, 100), "json")
    long = peak_bytes(repeat(bracket * 1_000, 300), "json")

    assert long < 1.5 * short


def test_a_zip_bomb_takes_the_memory_of_one_block() -> None:
    deflate = zlib.compressobj(wbits=31)
    bomb = b"".join(deflate.compress(b" " * 1_000_000) for _ in range(15)) + deflate.flush()

    peak = peak_bytes(iter([bomb]), "json")

    assert peak < 1_000_000


def test_rows_held_back_for_their_header_take_bounded_memory() -> None:
    row = b"x" * 1_000_000 + b"\n"

    assert peak_bytes(chain([b"a,b\n\xff\n"], repeat(row, 20)), "csv") < 9_000_000
