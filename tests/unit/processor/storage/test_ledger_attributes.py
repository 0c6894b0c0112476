from typing import Any

import pytest

from services.processor.runtime.resume_point import ResumePoint
from services.processor.runtime.storage.ledger_attributes import encoded, resume_point
from services.processor.runtime.storage.ledger_entry import Counts, Entry
from tests.unit.processor.files import source_file

FILE = source_file()
POINT = ResumePoint(6, 100, line=9, column=4, indentation=b" \t")
COUNTS = Counts(rows_read=5, rows_accepted=5, items_written=5)


def stored(point: ResumePoint = POINT) -> dict[str, Any]:
    return dict(encoded(Entry("SUSPENDED", COUNTS, resume=point), FILE))


def test_a_point_is_read_as_it_was_written() -> None:
    assert resume_point(stored(), FILE) == POINT


def test_an_entry_of_a_version_that_knew_no_points_has_none() -> None:
    assert resume_point(encoded(Entry("SUSPENDED", COUNTS), FILE), FILE) is None


@pytest.mark.parametrize(
    "point",
    [
        POINT._replace(byte=FILE.size_bytes),
        POINT._replace(byte=-1),
        POINT._replace(row=7),
        POINT._replace(row=0),
    ],
    ids=["behind the file", "before the file", "behind rows not stored", "before the rows"],
)
def test_a_point_that_cannot_be_right_is_none(point: ResumePoint) -> None:
    assert resume_point(stored(point), FILE) is None


def test_a_point_of_another_contract_is_none() -> None:
    assert resume_point(stored(), source_file(contract_version=2)) is None


@pytest.mark.parametrize("name", [*POINT._fields, "contractVersion"])
def test_a_point_in_another_form_is_none(name: str) -> None:
    item = stored()
    del item["resumePoint"]["M"][name]

    assert resume_point(item, FILE) is None
