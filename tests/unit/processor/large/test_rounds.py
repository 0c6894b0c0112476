"""The ranges of all rounds have the rows of a serial reading, whatever the file is."""

from collections.abc import Iterator
from itertools import islice

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.runtime.errors import OutOfTimeError, UnreadableFileError
from services.processor.runtime.file_form import DEFAULT_FORM, FileForm
from services.processor.runtime.file_names import Format
from services.processor.runtime.large.rounds import (
    MAX_RANGES_BYTES,
    Cut,
    Planned,
    Range,
    RangeSize,
    plan,
)
from services.processor.runtime.parsing import Row, read_rows, resume_rows
from services.processor.runtime.parsing.text import BLOCK_BYTES
from services.processor.runtime.resume_point import Mark, ResumePoint, no_mark
from tests.unit.processor.parsing.test_any_bytes import Refusal, cut, outcome_of
from tests.unit.processor.parsing.test_resumption import (
    CSV_FORM_NAMES,
    CSV_FORMS,
    arrays,
    in_form,
    long_csv_texts,
    streams,
)

SMALL = RangeSize(rows=40, size_bytes=100_000)
sizes = st.builds(RangeSize, st.integers(1, 3000), st.integers(1, 400_000))
cuts = st.builds(Cut, sizes, st.none(), st.integers(1, 3))


class File:
    """A file, read as the worker does; its time is over after ``chunks_in_time`` of its chunks."""

    def __init__(self, data: bytes, file_format: Format, form: FileForm = DEFAULT_FORM) -> None:
        self._data = data
        self._format = file_format
        self._form = form
        self.chunks_in_time: int | None = None

    def rows(self, resume: ResumePoint | None, mark: Mark = no_mark) -> Iterator[Row]:
        if resume is None:
            return read_rows(self._chunks_from(0), self._format, self._form, mark)
        return resume_rows(self._chunks_from, self._format, self._form, resume, mark)

    def planned(
        self, first: int, resume: ResumePoint | None, wanted: Cut, contract_version: int = 1
    ) -> Planned | None:
        return plan(
            lambda mark: self.rows(resume, mark),
            first=first,
            resume=resume,
            cut=wanted,
            contract_version=contract_version,
        )

    def stored(self, each: Range) -> list[Row]:
        start = each.point.row if each.point else 1
        rows = islice(self.rows(each.point), each.last - start + 1)
        return [row for row in rows if row.number >= each.first]

    def serial(self) -> list[Row | Refusal]:
        return outcome_of(lambda: self.rows(None))

    def _chunks_from(self, byte: int) -> Iterator[bytes]:
        for number, chunk in enumerate(cut(self._data[byte:], 30_000)):
            if number == self.chunks_in_time:
                raise OutOfTimeError("too late")
            yield chunk


def rounds(file: File, wanted: Cut) -> Iterator[Planned]:
    first, resume = 1, None
    while True:
        planned = file.planned(first, resume, wanted)
        assert planned is not None
        assert planned.round.first == first
        yield planned
        if planned.round.is_end or planned.round.failure:
            return
        first, resume = planned.round.last + 1, planned.round.resume


def refusal(planned: Planned) -> list[Refusal]:
    failure = planned.round.failure
    if failure is None:
        return []
    error = UnreadableFileError(failure.code, failure.message, failure.row)
    return [item for item in outcome_of(lambda: _raising(error)) if isinstance(item, tuple)]


def _raising(error: UnreadableFileError) -> Iterator[Row]:
    raise error
    yield


def assert_ranges_are_the_file(file: File, wanted: Cut) -> None:
    found: list[Row | Refusal] = []
    for planned in rounds(file, wanted):
        assert [each.index for each in planned.ranges] == list(range(planned.round.ranges))
        assert planned.round.ranges <= wanted.max_ranges + 1
        for each in planned.ranges:
            found += file.stored(each)
            assert len(found) == each.last
        found += refusal(planned)

    assert found == file.serial()


@pytest.mark.parametrize(
    "form",
    [DEFAULT_FORM, FileForm(records_at="records"), FileForm(refuses_wrappers=True)],
    ids=["plain", "records", "wrappers"],
)
@given(data=arrays | streams, wanted=cuts)
def test_json_is_cut_into_the_rows_of_a_serial_reading(
    form: FileForm, data: bytes, wanted: Cut
) -> None:
    assert_ranges_are_the_file(File(data, "json", form), wanted)


@pytest.mark.parametrize("form", CSV_FORMS, ids=CSV_FORM_NAMES)
@given(text=long_csv_texts, wanted=cuts)
def test_csv_is_cut_into_the_rows_of_a_serial_reading(
    form: FileForm, text: bytes, wanted: Cut
) -> None:
    assert_ranges_are_the_file(File(in_form(text, form), "csv", form), wanted)


@given(data=streams, wanted=cuts, chunks=st.integers(0, 20))
def test_a_round_whose_time_ends_has_the_rows_up_to_a_point(
    data: bytes, wanted: Cut, chunks: int
) -> None:
    file = File(data, "json")
    serial = file.serial()
    file.chunks_in_time = chunks

    planned = file.planned(1, None, wanted)

    file.chunks_in_time = None
    if planned is not None:
        found = [row for each in planned.ranges for row in file.stored(each)]
        assert found == serial[: planned.round.last]


def lines(rows: int) -> bytes:
    return b"".join(b'{"n":%d,"text":"%s"}\n' % (n, b"x" * 2000) for n in range(rows))


def test_the_same_rows_are_cut_alike() -> None:
    file = File(lines(500), "json")

    first, again = file.planned(1, None, Cut(SMALL)), file.planned(1, None, Cut(SMALL))
    other = file.planned(1, None, Cut(SMALL), contract_version=2)

    assert first is not None
    assert other is not None
    assert first == again
    assert first.round.plan != other.round.plan


def test_ranges_are_no_larger_than_wanted_where_points_allow_it() -> None:
    file = File(lines(500), "json")
    planned = file.planned(1, None, Cut(RangeSize(rows=1000, size_bytes=200_000)))
    assert planned is not None

    rows = [each.last - each.first + 1 for each in planned.ranges]

    assert len(rows) > 3
    assert max(rows[:-1]) * 2020 <= 200_000
    assert rows[-1] * 2020 <= 200_000 + BLOCK_BYTES


def test_ranges_have_no_more_rows_than_wanted_where_points_allow_it() -> None:
    file = File(lines(500), "json")
    planned = file.planned(1, None, Cut(RangeSize(rows=70)))
    assert planned is not None

    assert max(each.last - each.first + 1 for each in planned.ranges) <= 70


def test_a_round_ends_where_the_recorded_one_did() -> None:
    file = File(lines(500), "json")
    whole = file.planned(1, None, Cut(SMALL))
    assert whole is not None

    joined = file.planned(1, None, Cut(SMALL, last=whole.ranges[2].last))

    assert joined is not None
    assert joined.ranges == whole.ranges[:3]
    assert joined.round.resume == whole.ranges[3].point


def test_the_ranges_of_a_round_fit_into_a_state_of_step_functions() -> None:
    deep = b" " * 250
    content = b"[" + b",".join(b"\n%s[%s]" % (deep, b"1," * 33_000 + b"1") for _ in range(600))
    file = File(content + b"]", "json")

    planned = file.planned(1, None, Cut(RangeSize(rows=1, size_bytes=1)))

    assert planned is not None
    assert not planned.round.is_end
    size_bytes = len(msgspec.json.encode(planned.ranges))
    assert MAX_RANGES_BYTES <= size_bytes < MAX_RANGES_BYTES + 2000


def test_nothing_is_planned_of_a_value_that_is_longer_than_the_time() -> None:
    file = File(b'[{"n":1},"' + b"x" * 500_000 + b'"]', "json")
    file.chunks_in_time = 10

    assert file.planned(1, None, Cut()) is None
