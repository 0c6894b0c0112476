import gzip
import zlib
from collections.abc import Iterator

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import JsonRow, read_rows

LINE = b'{"a":1}\n'
ROW = JsonRow(1, b'{"a":1}', line=1)


def refusal_of(data: bytes, file_format: Format = "json") -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refusal:
        list(read_rows([data], file_format))
    return refusal.value


def test_gzip_is_recognised_by_its_content() -> None:
    assert list(read_rows([gzip.compress(LINE, mtime=0)], "json")) == [ROW]


def test_all_members_of_a_gzip_file_are_read_and_padding_is_not() -> None:
    data = (
        gzip.compress(LINE, mtime=0)
        + gzip.compress(b"", mtime=0)
        + gzip.compress(LINE, mtime=0)
        + b"\0" * 512
    )

    assert [row.raw for row in read_rows([data], "json")] == [b'{"a":1}', b'{"a":1}']


@pytest.mark.parametrize("kept_bytes", [2, 11, -9, -1])
def test_truncated_gzip_is_refused(kept_bytes: int) -> None:
    assert refusal_of(gzip.compress(LINE * 9, mtime=0)[:kept_bytes]).code == "TRUNCATED_GZIP"


def test_whole_rows_before_the_end_of_truncated_gzip_are_read() -> None:
    rows = read_rows([gzip.compress(LINE * 3 + b'{"a":', mtime=0)[:-8]], "json")

    assert [next(rows).raw for _ in range(3)] == [b'{"a":1}'] * 3
    with pytest.raises(UnreadableFileError, match="TRUNCATED_GZIP"):
        next(rows)


def test_whole_rows_on_one_line_before_the_end_of_truncated_gzip_are_read() -> None:
    rows = read_rows([gzip.compress(b'{"a":1}' * 3, mtime=0)[:-8]], "json")

    assert [next(rows).raw for _ in range(3)] == [b'{"a":1}'] * 3
    with pytest.raises(UnreadableFileError, match="TRUNCATED_GZIP"):
        next(rows)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(LINE, mtime=0)[:-8] + b"\0" * 8,
        gzip.compress(LINE, mtime=0) + b"more than padding",
    ],
)
def test_damaged_gzip_is_refused(data: bytes) -> None:
    assert refusal_of(data).code == "CORRUPT_GZIP"


def test_a_zip_bomb_is_read_to_its_end() -> None:
    deflate = zlib.compressobj(wbits=31)
    bomb = deflate.compress(b" " * 5_000_000) + deflate.compress(LINE) + deflate.flush()

    assert len(bomb) < 20_000
    assert list(read_rows([bomb], "json")) == [ROW]


def test_a_byte_order_mark_is_dropped() -> None:
    assert list(read_rows([b"\xef\xbb\xbf" + LINE], "json")) == [ROW]


@pytest.mark.parametrize("file_format", ["json", "csv"])
@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf\n", b"\n" * 200_000, gzip.compress(b"", mtime=0)]
)
def test_a_file_without_content_is_refused(data: bytes, file_format: Format) -> None:
    assert refusal_of(data, file_format).code == "EMPTY_FILE"


def test_an_error_of_the_source_passes_through() -> None:
    def broken_source() -> Iterator[bytes]:
        yield LINE
        raise ConnectionError

    with pytest.raises(ConnectionError):
        list(read_rows(broken_source(), "json"))
