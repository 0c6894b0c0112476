"""What the processor leaves to the state machine, and how often it says so."""

import pytest
from msgspec.structs import replace

from services.processor.runtime.errors import (
    NothingReachedError,
    OutOfTimeError,
    UnreadableFileError,
)
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger_entry import Counts, Failure
from tests.unit.processor.fakes import LARGE_FILE_PROBLEM, PLENTY_OF_TIME, ref
from tests.unit.processor.large.machines import ITEM, KEY, Machine, World, undisturbed

LINES = b"".join(b'{"n": %d}\n' % number for number in range(20))


def deliver(world: World, deadline: Deadline = PLENTY_OF_TIME) -> str:
    return world.ingest("SUSPENDED")(ref(world.key), deadline)


def late_after(world: World, puts: int) -> Deadline:
    return Deadline(lambda: 14_999 if world.writer.puts >= puts else 900_000)


def test_a_file_up_to_the_limit_is_stored_at_once() -> None:
    world = World(LINES, large_file_bytes=len(LINES))

    assert deliver(world) == "COMPLETED"
    assert world.telemetry.handed_over_files == []


def test_a_larger_file_is_not_read_and_its_entry_says_why() -> None:
    world = World(LINES, large_file_bytes=len(LINES) - 1)
    world.source.failure, world.source.breaks_after = AssertionError("read"), 0

    assert deliver(world) == "SUSPENDED"

    assert (world.entry().status, world.entry().counts) == ("SUSPENDED", Counts())
    assert world.entry().failure == Failure("LARGE_FILE", LARGE_FILE_PROBLEM)
    assert [file.key for file in world.telemetry.handed_over_files] == [KEY]


def test_a_large_file_that_is_delivered_again_is_handed_over_again_until_it_is_complete() -> None:
    world = World(LINES, large_file_bytes=1)

    deliver(world)
    deliver(world)
    Machine(world).run()

    assert deliver(world) == "COMPLETED"
    assert len(world.telemetry.handed_over_files) == 2
    assert world.writer.items == undisturbed(LINES).writer.items


def test_a_large_file_that_failed_fails_again_without_the_machine() -> None:
    world = World(b"[" + LINES.replace(b"\n", b","), large_file_bytes=1)
    deliver(world)
    Machine(world).run()

    with pytest.raises(UnreadableFileError):
        deliver(world)

    assert world.entry().status == "FAILED"
    assert len(world.telemetry.handed_over_files) == 1


def test_a_run_out_of_time_that_stored_rows_is_no_error() -> None:
    world = World(LINES, rows_under_way=1)

    assert deliver(world, late_after(world, 5)) == "SUSPENDED"

    entry = world.entry()
    assert entry.failure is not None
    assert (entry.status, entry.failure.code) == ("SUSPENDED", "OUT_OF_TIME")
    assert entry.counts.rows_read > 0
    Machine(world).run()
    assert world.entry().status == "COMPLETED"


def test_a_run_out_of_time_without_a_stored_row_is_an_error() -> None:
    world = World(LINES, rows_under_way=1)
    looks = iter([900_000] * 3)

    with pytest.raises(OutOfTimeError) as late:
        deliver(world, Deadline(lambda: next(looks, 14_999)))

    assert not isinstance(late.value, NothingReachedError)
    assert world.entry().status == "SUSPENDED"


@pytest.mark.parametrize("unfinished", [None, "SUSPENDED"])
def test_a_run_that_reaches_no_row_says_so(unfinished: str | None) -> None:
    world = World(LINES)
    looks = iter([900_000])

    with pytest.raises(NothingReachedError):
        world.ingest(unfinished)(ref(KEY), Deadline(lambda: next(looks, 14_999)))  # type: ignore[arg-type]


def test_who_hands_nothing_over_raises_when_time_ends_and_keeps_the_rows() -> None:
    world = World(LINES, rows_under_way=1)

    with pytest.raises(OutOfTimeError):
        world.ingest()(ref(KEY), late_after(world, 5))

    assert (world.entry().status, world.entry().counts.rows_read > 0) == ("SUSPENDED", True)


@pytest.mark.parametrize("status", ["COMPLETED", "FAILED"])
def test_a_file_that_has_ended_is_not_handed_over(status: str) -> None:
    world = World(LINES)
    deliver(world)
    file = world.telemetry.reports[0][0]
    [key] = world.ledger.entries
    world.ledger.entries[key] = ended = replace(world.entry(), status=status)

    world.ledger.hand_over(file, PLENTY_OF_TIME)

    assert world.entry() == ended


@pytest.mark.parametrize("later", ["", "09", "0F"])
def test_a_large_file_s_rows_have_the_order_of_its_first_event_whatever_a_later_one_says(
    later: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = replace(ref(KEY), sequencer="0A")
    at_once, world = World(LINES), World(LINES, large_file_bytes=1)
    at_once.ingest()(first, PLENTY_OF_TIME)

    world.ingest()(first, PLENTY_OF_TIME)
    monkeypatch.setitem(ITEM, "sequencer", later)
    Machine(world).run()

    assert world.writer.items == at_once.writer.items
    assert world.entry().sequencer == "0A"
    assert all("/0A/" in str(item["precedence"]["S"]) for item in world.writer.items.values())
