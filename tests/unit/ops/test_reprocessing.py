"""Sequencers made from a listing; a listing has the newest version first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.errors import RefusedError
from ops.reprocessing import between, between_neighbours
from services.processor.runtime.keys import file_precedence

# As S3 gives them: of one length or another, equal only if padding with zeros makes them equal.
sequencers = st.lists(
    st.text("0123456789ABCDEF", min_size=1, max_size=18).filter(lambda text: text.strip("0")),
    unique_by=lambda text: text.rstrip("0"),
    max_size=8,
).map(lambda found: sorted(found, key=lambda text: text.ljust(18, "0"), reverse=True))


def of(sequencer: str) -> str:
    return file_precedence(
        last_modified="2026-11-01T10:00:00.000Z",
        sequencer=sequencer,
        version="v",
        contract_version=1,
    )


@given(given=sequencers, data=st.data())
def test_whatever_is_processed_without_an_event_and_in_any_order_the_newest_of_the_listing_wins(
    given: list[str], data: st.DataObject
) -> None:
    is_known = data.draw(st.lists(st.booleans(), min_size=len(given), max_size=len(given)))
    known = [each if kept else "" for each, kept in zip(given, is_known, strict=True)]

    for at in data.draw(st.permutations(range(len(known)))):
        known[at] = known[at] or between_neighbours(known, at)

    assert [of(each) for each in known] == sorted(map(of, set(known)), reverse=True)
    assert all(len(each) <= 64 for each in known)


@given(older=st.integers(1, 16**18 - 2), more=st.integers(1, 10**6))
def test_the_event_of_a_newer_version_still_has_its_place_when_it_comes_late(
    older: int, more: int
) -> None:
    known, late = f"{older:018X}", f"{min(older + more, 16**18 - 1):018X}"

    made = between(known, "")

    assert of(known) < of(made) < of(between(made, "")) < of(late)


@pytest.mark.parametrize(
    ("older", "newer", "made"),
    [
        ("", "", "8"),
        ("0055AE", "", "0055AE8"),
        ("0055AE", "0055AF", "0055AE8"),
        ("", "0055AE", "0008"),
        ("0055AE", "0055AE8", "0055AE08"),
        ("0055AE", "0055AE01", "0055AE008"),
    ],
)
def test_a_sequencer_begins_with_the_older_one_and_is_below_the_newer_one(
    older: str, newer: str, made: str
) -> None:
    assert between(older, newer) == made
    assert of(older) < of(made)
    assert not newer or of(made) < of(newer)


def test_a_sequencer_that_the_processor_would_not_take_is_refused() -> None:
    with pytest.raises(RefusedError, match="put the newest one again"):
        between("A" * 64, "")
