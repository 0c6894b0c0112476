"""Letters with the same cause are one line, however many there are and whatever they say."""

from hypothesis import given
from hypothesis import strategies as st

from ops.redriving.causes import Cause, Fate, Tally, shape


def test_messages_that_differ_in_numbers_names_and_quotes_have_one_shape() -> None:
    messages = (
        "row 3 of 'orders/a.csv' in S3: line 17, column 4: \"x y\" is no number",
        "row 41 of 'orders/b c.csv' in S3: line 2, column 9: \"\" is no number",
    )

    assert {shape(each) for each in messages} == {
        "row … of … in S3: line … column … is no number",
    }


@given(st.text(max_size=3000))
def test_a_shape_is_one_short_line_that_can_be_printed(message: str) -> None:
    found = shape(message)

    assert len(found) <= 100
    assert len(found.splitlines()) <= 1
    assert found == found.encode().decode()
    assert found.isprintable()


def test_however_many_causes_there_are_memory_is_bounded_and_no_letter_is_left_out() -> None:
    tally = Tally()
    for number in range(5000):
        tally.add(Cause(f"CODE_{number}"), Fate.STAYS, "2026", "")
        tally.add(Cause("REFUSED", "orders", f"{number}"), Fate.STAYS, "2026", "")

    assert len(tally.groups) < 1000
    assert tally.count(Fate.STAYS) == 10_000


def test_the_example_of_a_group_is_its_oldest_letter() -> None:
    tally = Tally()
    for since in ("2026-11-03", "2026-11-01", "2026-11-02"):
        tally.add(Cause("REFUSED"), Fate.STAYS, since, f"file of {since}")

    [group] = tally.rows()

    assert (group.letters, group.since, group.example) == (3, "2026-11-01", "file of 2026-11-01")
