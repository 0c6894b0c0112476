"""What is missing is processed again until it is right, from whatever an earlier run has left."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest

from ops import items, reopening
from ops.findings import Code
from ops.items import Item, Key
from ops.object_versions import versions_of
from ops.reconciliation import Reconciliation
from ops.region import Region
from ops.repair import Repair, Repaired
from ops.reprocessing import sequencer_of
from services.processor.runtime.corrections import CORRECTS, reference
from tests.adapters.ops.processor import Processor
from tests.adapters.ops.product import HEADER, Operator, order, put
from tests.adapters.ops.test_reconciliation import a_bit_of_everything, delete

KEY = "orders/a.csv"


def stored(region: Region) -> dict[Key, Item]:
    return {items.key_of(item): item for item in items.stored(region)}


def repaired(region: Region) -> list[Repaired]:
    repair = Repair(region)
    for finding in Reconciliation(region, rows=True, in_work_s=0).findings():
        repair.add(finding)
    return [*repair.run(), *repair.finish()]


@pytest.mark.usefixtures("processor")
def test_each_item_deleted_behind_its_back_comes_back_exactly_as_it_was(region: Region) -> None:
    a_bit_of_everything(region)
    before = stored(region)

    for key in before:
        delete(region, key)

        assert {each.problem for each in repaired(region)} == {""}
        assert stored(region) == before, key


def test_everything_deleted_at_once_comes_back_and_only_that_is_processed(
    region: Region, processor: Processor
) -> None:
    a_bit_of_everything(region)
    before = stored(region)
    for key, item in before.items():
        if item["itemType"] == {"S": "RECORD"}:
            delete(region, key)

    repaired(region)
    first, processor.runs = processor.runs, []
    repaired(region)

    assert stored(region) == before
    assert len(first) >= 5
    assert processor.runs == []


@pytest.mark.usefixtures("processor")
def test_a_corrected_row_that_comes_back_is_marked_again_whichever_file_comes_first(
    region: Region,
) -> None:
    rejected = put(region, "orders/m.csv", HEADER + order("1", "many"))
    mark = reference(rejected.id, rejected.timestamp, 1)
    put(region, "orders/a.csv", f"{CORRECTS},{HEADER}{mark},{order('1')}")
    put(region, "orders/z.csv", f"{CORRECTS},{HEADER}{mark},{order('1')}")
    before = stored(region)
    for key, item in before.items():
        if item["itemType"] == {"S": "RECORD"}:
            delete(region, key)

    repaired(region)

    assert stored(region) == before


def test_a_sequencer_is_read_from_the_records_when_the_ledger_has_lost_it(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"), sequencer="0055AED6DCD90281E5")
    delete(region, Key(file.id, file.timestamp))
    [version] = versions_of(region, KEY)

    assert sequencer_of(region, version) == "0055AED6DCD90281E5"


def test_of_a_file_whose_records_were_all_replaced_the_entry_gets_a_sequencer_of_its_place(
    region: Region, processor: Processor
) -> None:
    old = put(region, KEY, HEADER + order("1", amount="1"), sequencer="A")
    put(region, KEY, HEADER + order("1", amount="2"), sequencer="B")
    before = stored(region)
    delete(region, Key(old.id, old.timestamp))

    assert [each.problem for each in repaired(region)] == [""]

    entry = items.read(region, old.id, old.timestamp)
    assert entry.pop("sequencer")["S"] < "B"
    assert entry.items() <= before[Key(old.id, old.timestamp)].items()
    assert processor.runs == [KEY]


def test_a_processor_that_is_down_leaves_a_problem_and_the_next_run_repairs(
    region: Region, processor: Processor
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"))
    before = stored(region)
    delete(region, items.key_of(next(items.with_id(region, "orders:1"))))
    processor.is_down = True

    [outcome] = repaired(region)

    # Its entry was set back, which the next reconciliation sees, with rows or without.
    assert outcome.problem
    entry = items.plain(items.read(region, file.id, file.timestamp))
    assert (entry["status"], entry["rowsRead"]) == ("PROCESSING", 0)
    [finding] = Reconciliation(region, in_work_s=0).findings()
    assert finding.code is Code.NOT_COMPLETE
    processor.is_down = False
    assert [each.problem for each in repaired(region)] == [""]
    assert stored(region) == before


def test_an_entry_that_changed_since_it_was_read_is_not_set_back(region: Region) -> None:
    file = put(region, KEY, HEADER + order("1"))
    entry = items.read(region, file.id, file.timestamp)

    assert not reopening.reopen(region, {**entry, "rowsRead": {"N": "2"}})
    assert not reopening.reopen(region, {**entry, "status": {"S": "PROCESSING"}})

    assert items.read(region, file.id, file.timestamp) == entry
    assert reopening.reopen(region, entry)


def test_a_late_run_that_moves_the_entry_forward_without_the_rows_does_not_hide_them(
    region: Region, processor: Processor, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = put(region, KEY, HEADER + order("1") + order("2"))
    before = stored(region)
    complete = items.read(region, file.id, file.timestamp)
    delete(region, items.key_of(next(items.with_id(region, "orders:1"))))
    late = iter([complete])
    reopen = reopening.reopen

    def reopen_then_late(where: Region, entry: Item) -> bool:
        was_reopened = reopen(where, entry)
        for each in late:
            region.client("dynamodb").put_item(TableName=region.table, Item=each)
        return was_reopened

    monkeypatch.setattr("ops.repair.reopen", reopen_then_late)

    assert [each.problem for each in repaired(region)] == [""]
    assert stored(region) == before
    assert len(processor.runs) == 2


def test_a_file_with_erased_records_is_left_alone(
    region: Region, processor: Processor, ops: Operator
) -> None:
    put(region, KEY, HEADER + order("7") + order("8"))
    assert ops("forget", "orders", "7", "--yes") == 0
    delete(region, items.key_of(next(items.with_id(region, "orders:8"))))

    [outcome] = repaired(region)

    assert "it would bring back erased records" in outcome.problem
    assert processor.runs == []


def test_a_file_that_fails_again_is_told(region: Region, processor: Processor) -> None:
    put(region, "other/bad.json", '{"a": 1}\n[1, 2')

    [outcome] = repaired(region)

    assert "it is FAILED" in outcome.problem
    assert len(processor.runs) == 2


class Killed:
    """Ends the run at the n-th change, before it is made or right after it; see ``spent``."""

    def __init__(self, lives: int) -> None:
        self._lives = lives
        self.spent = False

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: object, **options: object) -> object:
            self._live()
            answer = function(*arguments, **options)
            self._live()
            return answer

        return call

    def _live(self) -> None:
        self._lives -= 1
        if self._lives == 0:
            self.spent = True
            raise KeyboardInterrupt


def test_a_repair_that_is_killed_at_any_change_is_finished_by_the_next(
    region: Region, processor: Processor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejected = put(region, "orders/m.csv", HEADER + order("1", "many") + order("5"))
    mark = reference(rejected.id, rejected.timestamp, 1)
    put(region, "orders/a.csv", f"{CORRECTS},{HEADER}{mark},{order('1')}")
    before = stored(region)
    lost = [key for key, item in before.items() if item["itemType"] == {"S": "RECORD"}]

    for lives in count(1):
        for key in lost:
            delete(region, key)
        killed = Killed(lives)
        with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
            patched.setattr("ops.repair.reopen", killed.around(reopening.reopen))
            patched.setattr("ops.dead_letters.reprocess", killed.around(processor.reprocess))
            repaired(region)

        repaired(region)

        assert stored(region) == before, lives
        if not killed.spent:
            break
    assert lives > 8
