import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import CsvRow, read_rows

TABLE = '"id","name"\r\n1,"Bj\u00f8rn, \u00e9"\r\n'


def rows_in(encoding: str, *chunks: bytes) -> list[dict[str, str]]:
    rows = read_rows(chunks, "csv", FileForm(encoding=encoding))
    return [row.fields for row in rows if isinstance(row, CsvRow)]


def refusal_of(
    data: bytes, encoding: str = "utf-8", file_format: Format = "csv"
) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refusal:
        list(read_rows([data], file_format, FileForm(encoding=encoding)))
    return refusal.value


@pytest.mark.parametrize("file_format", ["json", "csv"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_another_encoding_is_not_utf8(encoding: str, file_format: Format) -> None:
    for text in ('{"a":"b"}', "\ufeff\u4e16\u754c", "id,name\n1,Ana\n"):
        refusal = refusal_of(text.encode(encoding), file_format=file_format)

        assert refusal.code == "NOT_UTF8"
        assert encoding[:6].upper() in refusal.message
        assert "save the file as UTF-8" in refusal.message


@pytest.mark.parametrize("start", [b"ab\0\0", b"a\0bc", b"\0\0\0\0", b"\0abc", b"a\0"])
def test_a_text_with_nuls_is_utf8_unless_they_are_those_of_another_encoding(start: bytes) -> None:
    assert rows_in("utf-8", start + b"\n1\n") == [{start.decode(): "1"}]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("cp1252", "cp1252"),
        ("latin-1", "latin-1"),
        ("UTF8", "utf-8-sig"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
        ("cp037", "cp037"),
        ("utf-7", "utf-7"),
    ],
)
@pytest.mark.parametrize("size_bytes", [1, 3, 100])
def test_a_text_in_the_declared_encoding_is_read(
    declared: str, written: str, size_bytes: int
) -> None:
    data = TABLE.encode(written)

    chunks = [data[at : at + size_bytes] for at in range(0, len(data), size_bytes)]

    assert rows_in(declared, *chunks) == [{"id": "1", "name": "Bj\u00f8rn, \u00e9"}]


@given(cells=st.lists(st.text("ab\u00e9\u4e16\U0001f600 ", min_size=1), min_size=1, max_size=9))
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "gb18030"])
def test_characters_may_be_cut_by_the_ends_of_blocks(encoding: str, cells: list[str]) -> None:
    filler = "x" * 32_764
    data = "\n".join(["id", filler, *cells, filler, *cells]).encode(encoding)

    assert [row["id"] for row in rows_in(encoding, data)] == [filler, *cells, filler, *cells]


@pytest.mark.parametrize(
    ("data", "declared", "problem"),
    [
        (b"id,name\n1,\x81\n", "cp1252", "on line 2 is the byte 81 near character 3,"),
        (b"id\n1\xe9\n", "ascii", "on line 2 is the byte E9 near character 2,"),
        (b"\xef\xbb\xbfid\n1\n", "cp1252", "begins with the byte order mark of UTF-8,"),
        (b"\xff\xfei\0d\0", "latin-1", "begins with the byte order mark of UTF-16,"),
        (b"\xff\xfei\0d\0", "utf-16-be", "begins with the byte order mark of UTF-16,"),
        (b"\xff\xfe\0\0i\0\0\0", "utf-16", "begins with the byte order mark of UTF-32,"),
        (b"i\0d\0\n\0", "cp1252", "looks like UTF-16,"),
        ("id\n1\n".encode("utf-16-le") + b"\x00", "utf-16-le", "on line 3 is the byte 00 near"),
    ],
)
def test_a_text_that_is_not_in_the_declared_encoding_is_refused(
    data: bytes, declared: str, problem: str
) -> None:
    refusal = refusal_of(data, declared)

    assert refusal.code == "WRONG_ENCODING"
    assert problem in refusal.message
    assert f"save the file in {declared}" in refusal.message


def test_rows_in_blocks_before_a_wrong_character_are_read() -> None:
    data = b"id\n" + b"1\n" * 100_000 + b"\x81"
    read: list[int] = []

    def read_all() -> None:
        read.extend(row.number for row in read_rows([data], "csv", FileForm(encoding="cp1252")))

    with pytest.raises(UnreadableFileError) as refused:
        read_all()

    assert "on line 100002 is the byte 81" in refused.value.message
    assert 90_000 < len(read) <= 100_000
