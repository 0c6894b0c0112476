from collections import Counter

import pytest

from local.demo.announcements import Announcements, announcements, by_record
from local.demo.table_census import Address, Content, Record
from ops.change_events import Announced

ORDER = ("orders:1", "2026-11-02T08:00:00.000Z")
OLD, NEW = ("ACCEPTED", "old"), ("ACCEPTED", "new")


def a_record(content: Content = NEW, address: Address = ORDER) -> Record:
    return Record(address, content, precedence="2026-11-02T09:00:00.000Z/01/v/000000001/000000001")


def an_event(row: int = 1, content: Content = NEW, address: Address = ORDER) -> Announced:
    return Announced(*address, *content, "CREATED", row)


def compared(
    *of_file: Announced,
    rows: dict[int, Record] | None = None,
    superseded: tuple[int, ...] = (),
    before: Content | None = None,
    others: tuple[Announced, ...] = (),
) -> Announcements:
    return announcements(
        {1: a_record()} if rows is None else rows,
        superseded,
        {ORDER: a_record(before)} if before else {},
        of_file,
        by_record((*of_file, *others)),
    )


@pytest.mark.parametrize("before", [None, OLD])
def test_a_record_that_is_new_or_changed_must_be_announced(before: Content | None) -> None:
    found, silent = compared(an_event(), before=before), compared(before=before)

    assert (found.due, found.made, found.are_complete) == ({1: 1}, {1: 1}, True)
    assert (silent.due, silent.made, silent.are_complete) == ({1: 1}, {}, False)


def test_a_record_that_is_as_it_was_must_not_be_announced() -> None:
    silent, loud = compared(before=NEW), compared(an_event(), before=NEW)

    assert (silent.due, silent.made, silent.are_complete) == ({}, {}, True)
    assert (loud.due, loud.made) == ({}, {1: 1})


def test_a_row_that_is_announced_twice_is_counted_twice() -> None:
    assert compared(an_event(), an_event(content=OLD)).made == {1: 2}


def test_a_record_that_another_row_has_made_the_same_need_not_be_announced_again() -> None:
    another = (an_event(row=7),)

    for found in (compared(others=another), compared(an_event(), others=another)):
        assert (found.due, found.made) == ({}, {})


def test_a_record_that_another_row_has_changed_in_between_may_be_announced() -> None:
    another = (an_event(row=7, content=OLD),)

    for found in (
        compared(before=NEW, others=another),
        compared(an_event(), before=NEW, others=another),
    ):
        assert (found.due, found.made) == ({}, {})


def test_another_row_with_other_content_excuses_nothing() -> None:
    found = compared(others=(an_event(row=7, content=OLD),))

    assert found.due == {1: 1}


def test_another_record_excuses_nothing() -> None:
    found = compared(others=(an_event(row=7, address=("orders:2", ORDER[1])),))

    assert found.due == {1: 1}


def test_a_superseded_row_may_be_announced_and_any_other_without_an_item_may_not() -> None:
    found = compared(an_event(row=2), an_event(row=3), rows={}, superseded=(2,))

    assert (found.due, found.made) == ({}, {3: 1})


def test_announcements_are_counted_by_record_and_content() -> None:
    assert by_record([an_event(), an_event(row=2), an_event(content=OLD)]) == {
        ORDER: Counter({NEW: 2, OLD: 1})
    }
