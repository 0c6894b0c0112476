"""A hostile CSV file costs time in proportion to its size."""

import time
from contextlib import suppress

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.parsing import read_rows

BYTES = 15_000


def cpu_s(data: bytes, form: FileForm) -> float:
    start = time.process_time()
    with suppress(UnreadableFileError):
        for _row in read_rows([data], "csv", form):
            pass
    return time.process_time() - start


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
def test_eight_times_the_file_does_not_take_sixty_times_as_long(
    before: str, part: str, delimiter: str
) -> None:
    form = FileForm(delimiter=delimiter)

    def data(times: int) -> bytes:
        body = part * (times * BYTES // len(part))
        return (before + body).replace(",", delimiter).encode()

    short = min(cpu_s(data(1), form) for _ in range(3))

    assert cpu_s(data(8), form) < 30 * short + 0.02
