from collections.abc import Mapping
from datetime import timedelta

import naming
from ops.console.activity import Activity
from ops.console.throughput import Throughput
from tests.unit.ops.console.snapshots import counts
from tests.unit.ops.status.seen import AT, EAST, WEST, seen


def doing(rows: Mapping[str, int], *, unlisted: Mapping[str, str] | None = None) -> Activity:
    """Return an activity in which each file, of a region given by its name, has so many rows."""
    files = {name: seen(name, "PROCESSING", region=name.split(" ")[0]) for name in rows}
    return Activity(
        files=tuple(files.values()),
        counts={files[name].id: counts(accepted=number) for name, number in rows.items()},
        unlisted=unlisted or {},
    )


def rates(*looks: tuple[float, Activity]) -> list[tuple[float, float]]:
    """Return the rows a second in both regions after looks at so many seconds."""
    seen_so_far = Throughput()
    for at_s, activity in looks:
        seen_so_far.add(AT + timedelta(seconds=at_s), activity)
    return [tuple(rate.by_region[each] for each in naming.REGIONS) for rate in seen_so_far.rates]  # type: ignore[misc]


def test_the_first_look_has_nothing_to_compare_with() -> None:
    assert rates((0, doing({f"{EAST} a": 500}))) == []


def test_the_increase_of_every_file_counts_for_its_region() -> None:
    first = doing({f"{EAST} a": 100, f"{WEST} b": 10})
    second = doing({f"{EAST} a": 500, f"{WEST} b": 30})

    assert rates((0, first), (2, second)) == [(200, 10)]


def test_a_new_file_counts_with_all_its_rows() -> None:
    assert rates((0, doing({})), (2, doing({f"{EAST} a": 100}))) == [(50, 0)]


def test_a_file_that_is_no_longer_listed_takes_nothing_away() -> None:
    assert rates((0, doing({f"{EAST} a": 100})), (2, doing({}))) == [(0, 0)]


def test_a_look_that_lacks_files_makes_no_false_peak_afterwards() -> None:
    known = doing({f"{EAST} a": 100_000})
    blind = doing({}, unlisted={"PROCESSING": "no answer"})

    assert rates((0, known), (2, blind), (4, known)) == [(0, 0)]


def test_after_a_long_pause_there_is_no_rate_of_what_nobody_saw() -> None:
    first, second = doing({f"{EAST} a": 100}), doing({f"{EAST} a": 90_000})

    assert rates((0, first), (61, second), (63, second)) == [(0, 0)]
