"""A hostile CSV file costs time in proportion to its size: twice the file, twice the time."""

import time
from contextlib import suppress

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing import read_rows

BYTES = 60_000


def cpu_s(data: bytes, form: FileForm) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        with suppress(UnreadableFileError):
            for _row in read_rows([data], "csv", form):
                pass
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("delimiter", [",", "\u00a7"])
@pytest.mark.parametrize(
    ("before", "part"),
    [
        ("", '"'),
        ("", '""'),
        ("", 'a"'),
        ("", ' "a",'),
        ("", "sep=,\n"),
        ("", "\n,"),
        ("", "a,"),
        ("a,b\n", '"'),
        ("a,b\n", 'x"y,'),
        ("a,b\n", ',"'),
        ("a,b\n", '"a""",'),
        ("a,b\n", "a\r"),
        ("a,b\n", '"\n'),
        ("a,b\n", "\ufeffa,b\n"),
        ("a,b\n", "1\n"),
        ("a,b\n1,2\n", ","),
        ("a,b\n1,2\n", 'a"b,c"\n'),
    ],
)
def test_twice_the_file_takes_about_twice_the_time(before: str, part: str, delimiter: str) -> None:
    form = FileForm(delimiter=delimiter)

    def data(times: int) -> bytes:
        body = part * (times * BYTES // len(part))
        return (before + body).replace(",", delimiter).encode()

    assert cpu_s(data(2), form) < 4 * cpu_s(data(1), form) + 0.02
