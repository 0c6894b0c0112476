"""A broken value is one bad row, up to the next line that may begin a value."""

import json
import time
from collections.abc import Callable
from cProfile import Profile
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.parsing import BadRow, JsonRow, Row, read_rows

Outcome = list[tuple[bool, bytes]]
"""Whether each row is good, and its bytes."""


def rows_of(data: bytes) -> tuple[list[Row], str | None]:
    """Return the rows, and the code of the error that ends them, if any."""
    rows: list[Row] = []
    try:
        rows.extend(read_rows([data], "json"))
    except UnreadableFileError as error:
        return rows, error.code
    return rows, None


def outcome_of(data: bytes) -> Outcome:
    rows, code = rows_of(data)
    assert code is None
    return [(isinstance(row, JsonRow), row.raw) for row in rows]


def good(*raws: bytes) -> Outcome:
    return [(True, raw) for raw in raws]


def bad(raw: bytes) -> Outcome:
    return [(False, raw)]


AFTER = b'{"b":2}\n{"c":3}\n'
CUT_OFF = [b'{"a":1,', b'{"a":[1,2,', b'{"a":{"b":1}', b'{"a":"', b'{"a":"x,', b"{", b'{"a":']
CUT_OFF += [b'{"a":[1', b'{"a":"b"', b'{"a":"\\', b'{"a":tru', b'{"a":[{"b":1},', b'{"a":[{"b":"x']
NO_VALUE = [b"# exported 2026-01-31", b'07","level":"info"}', b'7", "level": "info"}', b"nonsense"]
NO_VALUE += [
    b'","level":"info"}',
    b', "level": {"x": {"y": 1}}}',
    b"}",
    b"]}",
    b'"}',
    b"NaN",
    b"07",
]


@pytest.mark.parametrize("line", [*CUT_OFF, *NO_VALUE])
@pytest.mark.parametrize("before", [b"", b'{"a":0}\n', b'{\n"a":0}\n', b'{"a":0}{"a":1}\n\n'])
def test_a_line_that_is_cut_off_or_no_value_is_one_bad_row(before: bytes, line: bytes) -> None:
    expected = outcome_of(before) if before else []

    found = outcome_of(before + line + b"\n" + AFTER)

    # What stands in a list that is cut off may be one record or part of it: it is read as one.
    assert found == expected + bad(line) + good(b'{"b":2}', b'{"c":3}')


def test_a_broken_value_ends_at_the_indentation_where_it_began() -> None:
    first = b'{\n    "a": {\n        "b": 1,\n    {\n    }\n  }'

    data = b"  " + first + b'\n  {\n    "c": 1\n  }\n'

    assert outcome_of(data) == bad(first) + good(b'{\n    "c": 1\n  }')


def test_a_tab_is_not_the_same_indentation_as_a_blank() -> None:
    assert outcome_of(b'\t{"a" 1}\n {"b":1}\n\t{"c":1}') == (
        bad(b'{"a" 1}\n {"b":1}') + good(b'{"c":1}')
    )


@pytest.mark.parametrize("garbage", [b",", b"}", b"]", b":", b"x", b"{", b'{"b" 1}', b'"', b", {}"])
def test_what_follows_a_value_on_its_line_is_a_row_of_its_own(garbage: bytes) -> None:
    found = outcome_of(b'{"a":1} ' + garbage + b'\r\n{"b":2}\n')

    assert found == good(b'{"a":1}') + bad(garbage) + good(b'{"b":2}')


def test_a_comma_between_objects_is_a_bad_row_that_says_to_leave_it_out() -> None:
    rows, _ = rows_of(b'{"a":1},\n{"b":2},\n{"c":3}\n')

    assert [row.raw for row in rows if isinstance(row, JsonRow)] == [
        b'{"a":1}',
        b'{"b":2}',
        b'{"c":3}',
    ]
    commas = [row for row in rows if isinstance(row, BadRow)]
    assert [(row.raw, row.line) for row in commas] == [(b",", 1), (b",", 2)]
    assert all("leave out the comma between objects, or write" in row.message for row in commas)


MISTAKES = [b"NaN", b"-Infinity", b"True", b"None", b"07", b"1.", b".5", b"+1", b"0x1", b"nul"]
MISTAKES += [b'"\\x"', b'"\\u12"', b'"a\tb"', b'"\\u12g4"', b"1e", b"-", b"[1,NaN]", b'{"b":.1}']


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_that_leaves_the_end_in_no_doubt_spoils_its_value_only(mistake: bytes) -> None:
    wrong = b'{"a":[%s, 1]}' % mistake

    assert outcome_of(wrong + b'{"b":2}\n') == bad(wrong) + good(b'{"b":2}')
    assert outcome_of(b'[{"a":1},%s,{"b":2}]' % wrong) == (
        good(b'{"a":1}') + bad(wrong) + good(b'{"b":2}')
    )


def test_a_value_in_an_array_without_its_comma_is_a_bad_row() -> None:
    data = b'[{"a":1} {"b":2}\n{"c":3}, {"d":4}]'

    assert outcome_of(data) == (
        good(b'{"a":1}') + bad(b'{"b":2}') + bad(b'{"c":3}') + good(b'{"d":4}')
    )


def test_a_comma_after_the_last_element_is_one_bad_row() -> None:
    assert outcome_of(b'[{"a":1},\n]\n') == good(b'{"a":1}') + bad(b"]")


@pytest.mark.parametrize("line", [*CUT_OFF, b'{"a" 1},', b"},", b",", b"x"])
def test_an_element_that_is_broken_is_one_bad_row(line: bytes) -> None:
    data = b'[\n  {"a":0},\n  %s\n  {"b":2},\n  {"c":3}\n]\n' % line

    assert outcome_of(data) == good(b'{"a":0}') + bad(line) + good(b'{"b":2}', b'{"c":3}')


def test_an_element_that_is_broken_up_to_the_end_must_have_the_end_of_the_array_in_it() -> None:
    assert rows_of(b'[{"a":1 2}]')[1] is None
    assert rows_of(b'[{"a":1 2}, {"b":2}')[1] == "TRUNCATED_JSON"


def test_a_last_value_that_is_wrong_is_a_bad_row_and_one_that_is_cut_off_fails_the_file() -> None:
    assert outcome_of(b'{"a":1}\n{"b" 2') == good(b'{"a":1}') + bad(b'{"b" 2')
    rows, code = rows_of(b'{"a":1}\n{"b":2')
    assert ([row.raw for row in rows], code) == ([b'{"a":1}'], "TRUNCATED_JSON")


def test_a_value_that_the_end_of_the_file_cuts_off_does_not_hide_the_lines_in_it() -> None:
    rows, code = rows_of(b'{"a":[\n{"b":[\n{"c":[\n')

    assert [row.raw for row in rows] == [b'{"a":[', b'{"b":[']
    assert code == "TRUNCATED_JSON"


def test_a_broken_value_says_what_was_found_what_was_expected_and_where() -> None:
    [row], _ = rows_of(b"{\n  'a': 1\n}")

    assert isinstance(row, BadRow)
    assert (row.code, row.line) == ("INVALID_JSON", 1)
    assert row.message == (
        "line 2, column 3: found `'a': 1` where a field name in double quotes or `}` is expected; "
        'write double quotes, `"`'
    )


def test_a_place_is_right_after_a_break_further_on() -> None:
    rows, _ = rows_of(b'{"a":[\n{"b":1}, 2, oops no\n{"c":1 2}\n')

    assert [row.raw for row in rows if isinstance(row, JsonRow)] == [b'{"b":1}']
    said = [row.message.partition(":")[0] for row in rows if isinstance(row, BadRow)]
    assert said == ["line 2, column 18", "line 2, column 8", "line 3, column 8"]


def test_a_value_over_the_limit_that_breaks_is_one_row_up_to_the_next_line() -> None:
    long = b'{"a":"' + b"x" * 1_100_000 + b'" 1}'

    rows, _ = rows_of(long + b'\n{"b":2}\n')

    too_large, after = rows
    assert isinstance(too_large, BadRow)
    assert (too_large.code, too_large.raw_bytes) == ("ROW_TOO_LARGE", len(long))
    assert after == JsonRow(2, b'{"b":2}', 2)


def test_a_value_that_breaks_before_a_long_rest_keeps_its_reason() -> None:
    long = b'{"a":1 "b":"' + b"x" * 1_100_000 + b'"}'

    [row], _ = rows_of(long)

    assert isinstance(row, BadRow)
    assert (row.code, row.raw_bytes, row.raw) == ("INVALID_JSON", len(long), long[:4096])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
records = st.dictionaries(st.text(max_size=3), values, min_size=1, max_size=4)
layouts: st.SearchStrategy[Callable[[object], str]] = st.sampled_from(
    [json.dumps, lambda value: json.dumps(value, indent=2, ensure_ascii=False)]
)
spoilt = st.sampled_from(["", "{", "}", "[", "]", '"', ",", ":", "x", "NaN", "\\", "\t", "-", "0"])


def is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=int)
    except ValueError:
        return False
    return True


@given(
    before=st.lists(records, max_size=3),
    broken=records,
    after=st.lists(records, min_size=1, max_size=3),
    write=layouts,
    at=st.integers(0),
    other=spoilt,
)
@example([], {"a": 1}, [{"b": 2}], json.dumps, 6, ",")
@example([], {"a": 1}, [{"b": 2}], partial(json.dumps, indent=2), 0, "")
@example([], {"a": 1}, [{"b": 2}], partial(json.dumps, indent=2), 0, "0")
def test_all_but_a_broken_value_is_read_as_json_reads_it(  # noqa: PLR0917
    before: list[object],
    broken: object,
    after: list[object],
    write: Callable[[object], str],
    at: int,
    other: str,
) -> None:
    text = write(broken)
    place = at % len(text)
    changed = text[:place] + other + text[place + 1 :]
    data = "\n".join([*map(write, before), changed, *map(write, after)]).encode()
    assume(not data.lstrip().startswith(b"["))  # it would be an array without an end

    rows, code = rows_of(data)

    assert code is None
    read = [json.loads(row.raw) for row in rows[: len(before)]]
    assert read == before
    assert [json.loads(row.raw) for row in rows[-len(after) :]] == after
    inside = rows[len(before) : -len(after)]
    assert all(row.raw.decode() in changed for row in inside)
    if not is_json(changed) and not changed.startswith(("{}", "[")):
        assert any(isinstance(row, BadRow) for row in inside)


VALID = ["{}", "[]", '{"":0}', "[[]   ]", '[""]', '{"a":"b","a":"b"}', '["\\u0000"]', "[-0]"]
VALID += ['["\\"\\\\\\/\\b\\f\\n\\r\\t"]', "[1E+2]", "[0e1]", "[-1.5e-7]", '["\x7f"]', "[ 4]"]
VALID += ['["\u2028"]', '["\\uD801\\udc37"]', "[[[[[[[[[1]]]]]]]]]", '{"a":[]}', "[\n1\n,\n1]"]
INVALID = ["[1 true]", "[a]", '["": 1]', '[""],', "[,1]", "[1,,2]", '["x"]]', '["",]', "[3[4]]"]
INVALID += ["[1:2]", "[-]", "[++1]", "[1.]", "[.1]", "[2.e3]", "[1e]", "[0e+]", "[-01]", "[0x1]"]
INVALID += ["[1 000]", "[Inf]", "[NaN]", "[nan]", "[tru]", "[True]", "['a']", '["\\x00"]', "[\f]"]
INVALID += ['["\\u00A"]', '["\t"]', '["\\a"]', "[\\n]", '{"a" b}', '{:"b"}', '{"a"::1}', "{a:1}"]
INVALID += ['{"a":1,}', '{"a":1,,"b":2}', "{1:1}", '{"a":}', "{[:1}", '{"a":1/**/}', "[1]x"]
INVALID += ['{"a":/*c*/1}', '{"a":1 "b":2}', '{"a","b"}', "{null:1}", "[\u00a01]", "[\x0b]"]


@pytest.mark.parametrize("text", VALID)
def test_what_the_grammar_has_is_one_good_row(text: str) -> None:
    assert outcome_of(f'{{"x":{text}}}'.encode()) == good(f'{{"x":{text}}}'.encode())
    assert outcome_of(f"[1,{text}]".encode()) == good(b"1", text.encode())


@pytest.mark.parametrize("text", INVALID)
def test_what_the_grammar_does_not_have_is_no_good_row(text: str) -> None:
    deep = "[" * 9 + text

    for value in (f'{{"x":{text}', f'{{"x":{deep}'):
        rows, _ = rows_of(value.encode() + b'\n{"a":1}\n')

        assert [row.raw for row in rows if isinstance(row, JsonRow)] == [b'{"a":1}']


HOSTILE = [b'{"a":[\n', b'{"a":[1,\n', b'{"a":[1,2,', b"[", b"[\n", b'{"a":"x\n', b'{"a":NaN},']
HOSTILE += [b'{"a":1},\n', b'""', b'{"a":[\n{},\n', b'  {"a":[\n {"b":[\n', b'{"a":{"a":', b"]}"]
HOSTILE += [b'{"a":[{"b":[NaN,\n', b'{"a":["\\ud800"]},', b'{\n"a":{\n', b'{"a":[}\n', b"1 "]


def calls(data: bytes) -> int:
    """Return how many functions are called while a text is read: work, whatever the machine."""
    profile = Profile()
    with profile:
        rows_of(data)
    return sum(function.callcount for function in profile.getstats())


@pytest.mark.parametrize("pattern", HOSTILE)
@pytest.mark.parametrize("before", [b"", b"[", b"{}\n"])
def test_twice_the_text_is_twice_the_work_however_broken_it_is(
    before: bytes, pattern: bytes
) -> None:
    work = [calls(before + pattern * (size // len(pattern))) for size in (500, 1_000, 2_000)]

    assert all(more < 2.2 * less + 100 for less, more in pairwise(work))


@pytest.mark.parametrize("pattern", HOSTILE)
def test_eight_times_the_text_does_not_take_sixty_times_as_long(pattern: bytes) -> None:
    def seconds(size: int) -> float:
        start = time.process_time()
        rows_of(pattern * (size // len(pattern)))
        return time.process_time() - start

    short = min(seconds(4_000) for _ in range(3))

    assert seconds(32_000) < 30 * short + 0.02
