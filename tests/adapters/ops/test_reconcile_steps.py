"""What a failover does about files that the region took in and has not processed."""

import pytest

from ops import files
from ops.errors import FindingError
from ops.file_history import ledger_entry
from ops.object_versions import versions
from ops.reconcile_steps import reconcile
from ops.region import Region
from ops.steps import Outcome, take
from tests.adapters.ops.processor import Processor
from tests.adapters.ops.product import HEADER, order, put


@pytest.fixture
def processor(monkeypatch: pytest.MonkeyPatch) -> Processor:
    processor = Processor()
    monkeypatch.setattr("ops.dead_letters.reprocess", processor.reprocess)
    return processor


def seen(region: Region, since: str = "") -> tuple[Outcome, str]:
    [result] = take([reconcile("reconcile", region, region, since)], force=False)
    return result.outcome, result.seen


def test_a_file_that_was_never_processed_is_processed_and_another_one_left_alone(
    region: Region, processor: Processor
) -> None:
    put(region, "orders/done.csv", HEADER + order("1"))
    files.put(region, "orders/left.csv", (HEADER + order("2")).encode())

    outcome, said = seen(region)

    assert outcome is Outcome.DONE
    assert said == "2 files put ever compared; 1 file processed again"
    assert processor.runs == ["orders/left.csv"]
    assert {ledger_entry(region, each)["status"]["S"] for each in versions(region, "")} == {
        "COMPLETED"
    }


def test_a_second_run_finds_nothing_to_do(region: Region, processor: Processor) -> None:
    files.put(region, "orders/left.csv", (HEADER + order("2")).encode())
    seen(region)

    _, said = seen(region)

    assert said == "1 file put ever compared; 0 files processed again"
    assert processor.runs == ["orders/left.csv"]


def test_a_file_that_has_failed_is_told_and_neither_stops_the_step_nor_is_read_again(
    region: Region, processor: Processor
) -> None:
    put(region, "any/cut-off.json", "[{")

    outcome, said = seen(region)

    assert outcome is Outcome.DONE
    assert said.endswith("1 file FAILED, see ops items FAILED")
    assert processor.runs == []


def test_a_file_that_cannot_be_processed_stops_the_step_and_is_named(
    region: Region, processor: Processor
) -> None:
    processor.is_down = True
    files.put(region, "orders/left.csv", (HEADER + order("2")).encode())

    outcome, said = seen(region)

    assert outcome is Outcome.FAILED
    assert "1 file still not right, the first s3://incoming/orders/left.csv: " in said


@pytest.mark.usefixtures("processor")
def test_files_of_before_the_moment_are_left_alone(region: Region) -> None:
    files.put(region, "orders/left.csv", (HEADER + order("2")).encode())

    _, said = seen(region, "2999-01-01T00:00:00.000Z")

    assert said.startswith("0 files put since 2999")


def test_the_error_of_the_attempt_is_a_finding(region: Region, processor: Processor) -> None:
    processor.is_down = True
    files.put(region, "orders/left.csv", (HEADER + order("2")).encode())

    with pytest.raises(FindingError):
        reconcile("reconcile", region, region, "").act()
