from collections.abc import Iterator

import pytest

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.parsing import BadRow, CsvRow, Row, read_rows
from services.processor.runtime.parsing.csv_mismatch import MAX_HELD_ROWS
from tests.unit.processor.files import csv_row


def rows_of(data: bytes, form: FileForm = DEFAULT_FORM, file_format: Format = "csv") -> list[Row]:
    return list(read_rows([data], file_format, form))


def fields_of(
    data: bytes, form: FileForm = DEFAULT_FORM, file_format: Format = "csv"
) -> list[dict[str, str]]:
    rows = rows_of(data, form, file_format)
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return [row.fields for row in rows if isinstance(row, CsvRow)]


def codes_of(data: bytes) -> list[str]:
    return [row.code if isinstance(row, BadRow) else "" for row in rows_of(data)]


def refusal_of(
    data: bytes, form: FileForm = DEFAULT_FORM, file_format: Format = "csv"
) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as refusal:
        rows_of(data, form, file_format)
    assert refusal.value.row is None
    return refusal.value


@pytest.mark.parametrize(
    "header",
    [b"id,name", b" id , name ", b'"id","name"', b'" id" ,"name "\t', b'\xef\xbb\xbf"id",name'],
)
def test_names_lose_the_blanks_around_them_and_their_quotes(header: bytes) -> None:
    assert fields_of(header + b"\n 1 ,2\n") == [{"id": " 1 ", "name": "2"}]


def test_a_column_without_a_name_is_named_after_its_number() -> None:
    assert fields_of(b',id,""," "\n0,1,2,3\n') == [
        {"column_1": "0", "id": "1", "column_3": "2", "column_4": "3"}
    ]
    assert fields_of(b"\tid\tname\n0\t1\tAna\n", file_format="tsv") == [
        {"column_1": "0", "id": "1", "name": "Ana"}
    ]


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (
            b"a,b, a\n1,2,3\n",
            "DUPLICATE_HEADER",
            "columns 1 and 3 both have the name 'a'; give each one its own",
        ),
        (
            b"a,,column_2\n1,2,3\n",
            "DUPLICATE_HEADER",
            "columns 2 and 3 both have the name 'column_2'; give each one its own",
        ),
        (
            b"<!doctype html>\n",
            "NOT_CSV",
            (
                "the file begins with '<!doctype html>', like HTML or XML; a CSV file begins"
                " with the names of its columns, for example id,name"
            ),
        ),
        (
            b"\n [1,2]\n",
            "NOT_CSV",
            (
                "the file begins with '[1,2]', like JSON; a CSV file begins with the names of its"
                " columns, for example id,name"
            ),
        ),
        (
            b"\nid,B\xf8e\n1,2\n",
            "NOT_UTF8",
            (
                "in the header on line 2, character 5, after 'id,B', is the byte F8, which is "
                'not UTF-8; save the file as UTF-8 (in Excel: "CSV UTF-8"), '
                "or have its encoding declared"
            ),
        ),
        (
            b"a,b\r1,2\r3,4\r",
            "BARE_CR",
            "lines end in a carriage return (CR) alone; end them in LF or CRLF",
        ),
        (
            b"a,b\r" + b"1,2\r" * 300_000,
            "BARE_CR",
            "lines end in a carriage return (CR) alone; end them in LF or CRLF",
        ),
        (
            b'id, "name"\n1, "Ana"\n',
            "MALFORMED_HEADER",
            (
                "the column name ' \"name\"' has a blank between the delimiter and the quote; write"
                ' the quote first: id,"name"'
            ),
        ),
        (
            b'"a"b,c\n',
            "MALFORMED_HEADER",
            (
                "the column name '\"a\"b' goes on after its closing quote; quote the whole name:"
                ' "unit price"'
            ),
        ),
        (
            b'id,size 5"\n',
            "MALFORMED_HEADER",
            (
                "the column name 'size 5\"' has a quote within it; quote the whole name, and write"
                ' the quote twice: "size 5"""'
            ),
        ),
        (
            b"a" * 1_048_577,
            "HEADER_TOO_LARGE",
            "the header on line 1 has 1,048,577 bytes; it may have at most 1,048,576 (1 MiB)",
        ),
        (
            b'"a,b\n1,2\n',
            "UNTERMINATED_QUOTE",
            (
                "a quote in the header, '\"a,b\\n1,2' on line 1, is never closed; close it, and"
                ' write a quote inside a value twice, for example "5"" pipe"'
            ),
        ),
        (
            b",,\n,\n",
            "EMPTY_FILE",
            "the file has no header, only blank lines and the lines that are skipped",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_a_file_without_a_usable_header_is_refused(data: bytes, code: str, message: str) -> None:
    refusal = refusal_of(data)

    assert (refusal.code, refusal.message) == (code, message)


def test_a_workbook_is_no_csv() -> None:
    refusal = refusal_of(b"PK\x03\x04\x14\0\x06\0\x08\0\xff\xfe\n")

    assert refusal.code == "NOT_CSV"
    assert "like an Excel workbook" in refusal.message


def test_an_error_quotes_only_the_beginning_of_a_name() -> None:
    refusal = refusal_of(b"a" * 100_000 + b"," + b"a" * 100_000 + b"\n")

    assert refusal.code == "DUPLICATE_HEADER"
    assert len(refusal.message) < 120


@pytest.mark.parametrize(
    ("header", "declared", "found"),
    [
        (b"id;name", ",", "semicolons"),
        (b'"id";"name"', ",", "semicolons"),
        (b'"id, old";"name"', ",", "semicolons"),
        (b"id\tname", ",", "tabs"),
        (b"id|first;last|place", ",", "vertical bars"),
        (b"id,name", ";", "commas"),
        (b"id|name", "\t", "vertical bars"),
        (b"id,name", "\u00a7", "commas"),
        (b"sep=;", ",", "semicolons"),
        (b"SEP=\t", ",", "tabs"),
        (b'"sep=,"', ";", "commas"),
    ],
)
def test_a_file_with_another_delimiter_is_refused(header: bytes, declared: str, found: str) -> None:
    refusal = refusal_of(header + b"\n1\n2\n", FileForm(delimiter=declared))

    assert refusal.code == "OTHER_DELIMITER"
    assert f" {found} where this dataset has " in refusal.message
    assert f"id{declared}name" in refusal.message


def test_tabs_separate_the_fields_of_a_tsv_file_whatever_its_form_says() -> None:
    form = FileForm(delimiter=";")

    assert fields_of(b"id\tname\n1\ta;b\n", form, "tsv") == [{"id": "1", "name": "a;b"}]
    assert refusal_of(b"id;name\n1;2\n", form, "tsv").code == "OTHER_DELIMITER"


@pytest.mark.parametrize("header", [b"id", b'"id;name"', b'"a|b"', b"id name"])
def test_a_file_of_one_column_is_fine(header: bytes) -> None:
    assert [list(row.values()) for row in fields_of(header + b"\n1\n2\n")] == [["1"], ["2"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_separator_line_with_the_right_delimiter_is_skipped(delimiter: str) -> None:
    text = f"sep={delimiter}\r\nid{delimiter}name\r\n1{delimiter}Ana\r\n"

    [row] = rows_of(text.encode(), FileForm(delimiter=delimiter))

    assert isinstance(row, CsvRow)
    assert (row.fields, row.line) == ({"id": "1", "name": "Ana"}, 3)


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " ", "^", "]", "\\", "\u00a7", "\U0001f600"])
@pytest.mark.parametrize("size_bytes", [1, 2, 3, 100])
def test_any_character_may_be_declared_as_the_delimiter(delimiter: str, size_bytes: int) -> None:
    text = 'id,name\n1,"a,\nb"\n\n,\n2,5"\u00a8\u00e7\n'.replace(",", delimiter).encode()
    chunks = (text[at : at + size_bytes] for at in range(0, len(text), size_bytes))

    rows = list(read_rows(chunks, "csv", FileForm(delimiter=delimiter)))

    assert [(row.line, row.fields) for row in rows if isinstance(row, CsvRow)] == [
        (2, {"id": "1", "name": f"a{delimiter}\nb"}),
        (6, {"id": "2", "name": '5"\u00a8\u00e7'}),
    ]


@pytest.mark.parametrize(
    "beginning", [b'Report "x\nof; 2026\n', b"\nReport\n", b"\n\n", b",,\n\xff\n"]
)
def test_declared_lines_before_the_header_are_skipped_and_counted(beginning: bytes) -> None:
    [row] = rows_of(beginning + b"id,name\n1,Ana\n", FileForm(skip_lines=2))

    assert row == csv_row(1, b"1,Ana", {"id": "1", "name": "Ana"}, line=4)


def test_a_file_that_ends_within_the_lines_to_skip_is_empty() -> None:
    assert refusal_of(b"Report\nof 2026", FileForm(skip_lines=2)).code == "EMPTY_FILE"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"Report of 2026\nid,name\n1,Ana\n", "Is the line a title or a comment?"),
        (b"# made by x\n1,Ana,\n1,Ana,\n", "Is the line a title or a comment?"),
        (b"id,name\n1,7,Ana\n2,8,Bo\n", "Has the first column no name?"),
        (b"id,name\n1,Ana,\n2,Bo,\n", "The rows end with a delimiter"),
        (b"id,name\n1;Ana\n2;Bo\n", "separated by semicolons?"),
        (b"id,name,place\n1,Ana\n2,Bo\n", "Does each row lack a value?"),
        (b'id,name\n1,7,Ana\n\xff\n"x"y\n2,8,Bo\n', "Has the first column no name?"),
    ],
)
def test_rows_that_all_disagree_with_the_header_in_the_same_way_fail_the_file(
    data: bytes, cause: str
) -> None:
    refusal = refusal_of(data)

    assert refusal.code == "HEADER_MISMATCH"
    assert cause in refusal.message
    assert refusal.message.startswith("the header on line 1, ")


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([b"1,2,3"], ["RAGGED_ROW"]),
        ([b"1,2,3", b"1"], ["RAGGED_ROW", "RAGGED_ROW"]),
        ([b"1,2,3", b"1,2,3", b"1,2"], ["RAGGED_ROW", "RAGGED_ROW", ""]),
        ([b"1,2,3", b"id,name", b"1,2,3"], ["RAGGED_ROW", "REPEATED_HEADER", "RAGGED_ROW"]),
        ([b"\xff", b"1,2,3", b'"x"y'], ["INVALID_UTF8", "RAGGED_ROW", "MALFORMED_ROW"]),
        ([b"1,2", b"1,2,3", b"1,2,3"], ["", "RAGGED_ROW", "RAGGED_ROW"]),
    ],
)
def test_rows_that_disagree_otherwise_are_rejected_one_by_one(
    rows: list[bytes], codes: list[str]
) -> None:
    assert codes_of(b"\n".join([b"id,name", *rows])) == codes


def test_the_header_is_judged_by_the_first_thousand_rows() -> None:
    ragged, fits = b"1,2,3\n", b"1,2\n"

    assert codes_of(b"id,name\n" + ragged * (MAX_HELD_ROWS - 1) + fits)[-1] == ""
    assert refusal_of(b"id,name\n" + ragged * MAX_HELD_ROWS + fits).code == "HEADER_MISMATCH"


def test_the_header_is_judged_by_the_first_mebibyte() -> None:
    ragged = b"x" * 600_000 + b",2,3\n"

    assert codes_of(b"id,name\n" + ragged + b"1,2\n" + ragged)[-1] == "RAGGED_ROW"
    assert refusal_of(b"id,name\n" + ragged * 2 + b"1,2\n").code == "HEADER_MISMATCH"


def test_rows_held_back_for_the_header_are_read_before_the_source_fails() -> None:
    def cut_off() -> Iterator[bytes]:
        yield b"id,name\n1,2,3\n"
        raise UnreadableFileError("TRUNCATED_GZIP", "cut off")

    rows = read_rows(cut_off(), "csv")

    assert next(rows).number == 1
    with pytest.raises(UnreadableFileError, match="TRUNCATED_GZIP"):
        next(rows)
