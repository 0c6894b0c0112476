from collections.abc import Iterator

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_run import batches
from services.processor.runtime.parsing import JsonRow


def rows(count: int, size_bytes: int = 2) -> Iterator[JsonRow]:
    return (JsonRow(number, b"x" * size_bytes) for number in range(1, count + 1))


def test_rows_come_in_batches_in_order() -> None:
    numbers = [[row.number for row in batch] for batch in batches(rows(5), 2)]

    assert numbers == [[1, 2], [3, 4], [5]]


def test_no_rows_make_no_batch() -> None:
    assert list(batches(rows(0), 2)) == []


def test_large_rows_make_smaller_batches() -> None:
    megabyte = 1024 * 1024

    sizes = [len(batch) for batch in batches(rows(20, megabyte), 500)]

    assert sizes == [8, 8, 4]


@pytest.mark.parametrize("value", [b",", b"[],", b'{"":0},'])
def test_rows_of_many_small_values_make_smaller_batches(value: bytes) -> None:
    wide = (JsonRow(number, value * 40_000) for number in range(1, 11))

    assert len(next(batches(wide, 500))) <= 3


def test_ordinary_rows_are_bounded_in_number_only() -> None:
    hundred_fields = (JsonRow(number, b'"name":"value",' * 100) for number in range(1, 1001))

    assert [len(batch) for batch in batches(hundred_fields, 500)] == [500, 500]


def test_rows_before_an_error_come_before_the_error() -> None:
    def unreadable_at_4() -> Iterator[JsonRow]:
        yield from rows(3)
        raise UnreadableFileError("NOT_JSON", "row 4", 4)

    found = batches(unreadable_at_4(), 2)

    assert [row.number for batch in (next(found), next(found)) for row in batch] == [1, 2, 3]
    with pytest.raises(UnreadableFileError, match="row 4"):
        next(found)
