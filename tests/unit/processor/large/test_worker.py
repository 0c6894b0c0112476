"""A machine that is interrupted, repeated or doubled leaves what one serial reading leaves."""

import gzip
import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.aws_client.leaving import UnexpectedError
from services.processor.runtime.errors import (
    ObjectMissingError,
    OutOfTimeError,
    TransientError,
)
from services.processor.runtime.storage.ledger_entry import Entry, Failure
from tests.unit.processor.fakes import PLENTY_OF_TIME, FakeWriter, ref
from tests.unit.processor.large.machines import Context, Machine, World, undisturbed
from tests.unit.processor.turns import interleave, wait_for_turn

ROWS = 12
# Every third row is bad. Rows are so long that a range has about two of them.
PADDING = b"x" * 40_000
LINES = b"\n".join(
    (b'{"": "%s"}' if row % 3 == 0 else b'{"n": "%d%%s"}' % row) % PADDING for row in range(ROWS)
)
TABLE = b"n,text\r\n" + b"".join(b'%d,"%s\r\n%s"\r\n' % (n, PADDING, PADDING) for n in range(ROWS))
RECORDS = [{"n": n, "text": "x" * 60_000} for n in range(ROWS)]
FILES = {
    "any/lines.json": LINES,
    "any/array.json": json.dumps(RECORDS).encode(),
    "any/pretty.json": json.dumps(RECORDS, indent=2).encode(),
    "any/table.csv": TABLE,
    "any/marked.csv": b"\xef\xbb\xbf" + TABLE,
    "any/table.tsv": TABLE.replace(b",", b"\t"),
    "any/quote.csv": TABLE + b'7,"never closed\r\n',
    "any/cut.json": json.dumps(RECORDS).encode()[:-20],
    "any/header.csv": b"n,text\n",
    "any/empty.json": b" \n",
    "any/wide.csv": b"a,b\n1\n2\n",
    "any/lines.json.gz": gzip.compress(LINES),
    "any/utf16.csv": "n,text\n1,a\n".encode("utf-16"),
    "any/value.json": b'["' + PADDING * 20 + b'"]',
}
STOPS_AFTER = 5
LOOKS_BEFORE = 1
SMALL = {"rows": 2, "size_bytes": 1}
orders = st.lists(st.integers(0, 2), max_size=40)
kills = st.none() | st.integers(1, 40)


def world(key: str = "any/lines.json", **changes: Any) -> World:  # noqa: ANN401
    return World(FILES[key], key, size=SMALL, **changes)


def assert_as_serial(found: World) -> None:
    serial = undisturbed(found.content, found.key)
    assert found.writer.items == serial.writer.items
    assert without_point(found.entry()) == without_point(serial.entry())


def without_point(entry: Entry) -> Entry:
    """Return an entry without its resume point: any that is not behind its rows will do."""
    assert entry.resume is None or entry.resume.row <= entry.counts.rows_read + 1
    return replace(entry, resume=None)


@pytest.mark.parametrize("max_ranges", [1, 2, 1000])
@pytest.mark.parametrize("key", FILES)
def test_every_file_ends_as_after_a_serial_reading(key: str, max_ranges: int) -> None:
    found = world(key, max_ranges=max_ranges)
    machine = Machine(found)

    outcome = machine.run()["outcome"]

    assert_as_serial(found)
    assert outcome == found.entry().status
    assert not found.ledger.rounds
    is_cut = found.entry().counts.rows_read >= ROWS - 1 and not key.endswith(".gz")
    assert machine.steps_taken.count("store") > 3 or not is_cut


@given(shuffled=st.randoms(use_true_random=False), max_ranges=st.integers(1, 9))
def test_parts_are_stored_in_any_order_and_more_than_once(
    shuffled: Any,  # noqa: ANN401
    max_ranges: int,
) -> None:
    def arranged(parts: list[Any]) -> list[Any]:
        again = [*parts, *shuffled.choices(parts, k=len(parts) // 2)] if parts else []
        shuffled.shuffle(again)
        return again

    found = world(max_ranges=max_ranges)

    Machine(found, arranged=arranged).run()

    assert_as_serial(found)


def interruptible() -> World:
    found = world(writer=FakeWriter(before_put=wait_for_turn))
    found.ledger.before_entry = wait_for_turn
    return found


@pytest.mark.parametrize("killed_at", range(1, 36))
def test_a_machine_killed_at_any_step_is_finished_by_the_next(killed_at: int) -> None:
    found = interruptible()

    interleave([Machine(found).run], killed_at=[killed_at], order=[])
    Machine(found).run()

    assert_as_serial(found)


@given(
    killed_at=st.tuples(kills, kills, kills),
    order=orders,
    sizes=st.tuples(*[st.integers(1, 4)] * 3),
)
def test_machines_at_once_that_cut_otherwise_and_are_killed_leave_what_one_run_leaves(
    killed_at: tuple[int | None, ...], order: list[int], sizes: tuple[int, ...]
) -> None:
    found = interruptible()

    def run_with(rows: int) -> Callable[[], Any]:
        def run() -> object:
            found.size = {"rows": rows, "size_bytes": 1}
            return Machine(found).run()

        return run

    interleave([run_with(rows) for rows in sizes], killed_at=killed_at, order=order)
    Machine(found).run()

    assert_as_serial(found)


@given(killed_at=st.tuples(kills, kills), order=orders)
def test_a_serial_run_beside_the_machine_does_no_harm(
    killed_at: tuple[int | None, ...], order: list[int]
) -> None:
    found = interruptible()
    found.checkpoint_rows = 3

    def deliver() -> None:
        found.ingest()(ref(found.key), PLENTY_OF_TIME)

    interleave([Machine(found).run, deliver], killed_at=killed_at, order=order)
    Machine(found).run()

    assert_as_serial(found)


def ticking(ticks: Iterator[int]) -> Context:
    """Return a context whose time is over after so many looks at the clock, each time anew."""
    return Context(lambda: 15_001 if next(ticks) > 0 else 14_999)


@given(st.lists(st.integers(8, 30), min_size=1, max_size=5), st.sampled_from(sorted(FILES)))
def test_time_that_runs_out_anywhere_changes_nothing(budgets: list[int], key: str) -> None:
    found = world(key, rows_under_way=1)
    for budget in budgets:
        try:
            Machine(found, ticking(count(budget, -1))).run()
        except TransientError:
            continue
    Machine(found).run()

    assert_as_serial(found)


def test_a_range_that_runs_out_of_time_goes_on_behind_its_last_stored_row() -> None:
    found = World(LINES, "any/lines.json", rows_under_way=1)
    machine = Machine(found)

    def remaining_ms() -> int:
        is_late = machine.steps_taken[-1:] == ["store"] and found.writer.puts == STOPS_AFTER
        return 14_999 if is_late and machine.steps_taken.count("store") == 1 else 900_000

    machine.context = Context(remaining_ms)
    machine.run()

    assert machine.steps_taken == ["plan", "store", "store", "finish"]
    assert found.writer.puts == ROWS
    assert_as_serial(found)


def test_what_is_left_of_a_range_says_what_came_in_the_way() -> None:
    found = World(LINES, "any/lines.json", rows_under_way=1)
    planned = _step(found, "plan", {"file": found.item(), "passes": 0})
    store = {"file": planned["file"], "round": planned["round"], "part": planned["parts"][0]}
    late = Context(lambda: 14_999 if found.writer.puts == STOPS_AFTER else 900_000)

    left = _step(found, "store", store, late)["part"]

    assert left["entry"]["failure"]["code"] == "OUT_OF_TIME"


def test_a_range_without_any_time_says_so_in_the_entry_and_is_an_error() -> None:
    found = world()
    planned = _step(found, "plan", {"file": found.item(), "passes": 0})
    store = {"file": planned["file"], "round": planned["round"], "part": planned["parts"][0]}

    with pytest.raises(OutOfTimeError):
        _step(found, "store", store, Context(lambda: 14_999))

    entry = found.entry()
    assert entry.status == "PROCESSING"
    assert entry.failure is not None
    assert entry.failure.code == "OUT_OF_TIME"


def test_a_file_that_cannot_be_cut_goes_on_until_its_end() -> None:
    found = world("any/lines.json.gz", rows_under_way=1)
    machine = Machine(found)

    def remaining_ms() -> int:
        is_late = found.writer.puts >= STOPS_AFTER * machine.steps_taken.count("store")
        return 14_999 if is_late and "store" in machine.steps_taken else 900_000

    machine.context = Context(remaining_ms)
    machine.run()

    assert machine.steps_taken.count("store") > 2
    assert_as_serial(found)


def test_a_file_whose_reading_alone_takes_a_run_fails_and_does_not_loop() -> None:
    found = world("any/lines.json.gz", rows_under_way=1)
    machine = Machine(found)
    looks = count()

    def remaining_ms() -> int:
        if machine.steps_taken[-1] != "store":
            return 900_000
        if machine.steps_taken.count("store") == 1:
            return 14_999 if found.writer.puts == STOPS_AFTER else 900_000
        # The entry is opened, and then time ends before the first bytes arrive.
        return 14_999 if next(looks) > LOOKS_BEFORE else 900_000

    machine.context = Context(remaining_ms)
    ended = machine.run()

    entry = found.entry()
    assert ended["outcome"] == entry.status == "FAILED"
    assert machine.steps_taken == ["plan", "store", "store", "finish"]
    assert entry.counts.rows_read > 0
    assert entry.failure is not None
    assert entry.failure.code == "CANNOT_BE_CUT"
    assert json.loads(ended["letter"])["Records"][0]["s3"]["object"]["versionId"] == "v1"


def _step(found: World, step: str, state: dict[str, Any], context: Context | None = None) -> Any:  # noqa: ANN401
    return found.steps()({"step": step, **state}, context or Context())


def test_a_file_with_more_rows_than_numbers_fails_behind_the_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("services.processor.runtime.parsing.read.MAX_ROWS", 7)
    found = world()

    ended = Machine(found).run()

    assert_as_serial(found)
    assert ended["problem"] == "TOO_MANY_ROWS"
    assert (found.entry().status, found.entry().counts.rows_read) == ("FAILED", 7)


def test_giving_up_suspends_the_file_for_people_and_keeps_what_is_done() -> None:
    found = world()
    planned = _step(found, "plan", {"file": found.item(), "passes": 0})
    store = {"file": planned["file"], "round": planned["round"], "part": planned["parts"][0]}
    _step(found, "store", store)

    ended = Machine(found).give_up("States.Timeout", "too slow")

    assert ended["outcome"] == "FAILED"
    assert json.loads(ended["letter"])["Records"][0]["s3"]["object"]["key"] == "any/lines.json"
    assert found.entry().status == "SUSPENDED"
    assert found.entry().failure == Failure("LARGE_FILE_STOPPED", "States.Timeout: too slow")
    stored = Machine(found)
    stored.run()
    assert stored.steps_taken.count("store") == len(planned["parts"]) - 1
    assert_as_serial(found)


def test_giving_up_names_what_went_wrong_in_a_range() -> None:
    found = world()
    planned = _step(found, "plan", {"file": found.item(), "passes": 0})
    store = {"file": planned["file"], "round": planned["round"], "part": planned["parts"][0]}
    with pytest.raises(OutOfTimeError):
        _step(found, "store", store, Context(lambda: 14_999))

    Machine(found).give_up("States.ExceedToleratedFailureThreshold", "")

    failure = found.entry().failure
    assert failure is not None
    assert failure.message.startswith("OUT_OF_TIME: less than 15 s left")


def test_giving_up_returns_the_letter_even_when_the_table_is_out_of_reach() -> None:
    found = world()

    def refuse() -> None:
        raise OutOfTimeError("no table")

    Machine(found).run()
    found.ledger.before_entry = refuse

    ended = Machine(found).give_up("States.TaskFailed", "why")

    assert (ended["outcome"], ended["problem"]) == ("FAILED", "States.TaskFailed: why")
    assert ended["letter"]


def test_giving_up_a_file_that_another_machine_completed_is_no_failure() -> None:
    found = world()
    Machine(found).run()

    assert Machine(found).give_up("States.Timeout", "")["outcome"] == "COMPLETED"


def test_an_object_that_is_gone_fails_with_the_serial_reason() -> None:
    found = world()
    del found.source.objects[found.key]

    ended = Machine(found).run()

    assert ended["outcome"] == "FAILED"
    assert ended["problem"] == "OBJECT_MISSING"


def test_an_object_that_goes_while_its_ranges_are_stored_fails_the_file() -> None:
    found = world()
    planned = _step(found, "plan", {"file": found.item(), "passes": 0})
    store = {"file": planned["file"], "round": planned["round"], "part": planned["parts"][1]}
    found.source.failure, found.source.breaks_after = ObjectMissingError("it is gone"), 0

    stored = _step(found, "store", store)
    ended = _step(found, "finish", {name: planned[name] for name in ("file", "round", "passes")})

    assert stored["more"] is False
    assert (ended["outcome"], ended["problem"]) == ("FAILED", "OBJECT_MISSING")


def test_a_step_that_is_none_is_refused() -> None:
    with pytest.raises(UnexpectedError, match="ValidationError"):
        _step(world(), "other", {"file": world().item()})
