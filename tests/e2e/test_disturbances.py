"""Whatever happens to a run, the same items are stored and the same changes announced."""

import logging
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest

from local import processes
from local.cloud import Cloud
from local.emulator_faults.schedule import Fault
from local.faults import faulty
from naming import PRIMARY, STANDBY
from ops import dead_letters
from tests.e2e.content import order_lines
from tests.e2e.faults import RESERVE_S, busy, reconfigured, write_faults
from tests.e2e.oracle import differences, differences_of, expected_rows, unannounced
from tests.e2e.site import Site, Upload, key_of, sites
from tests.e2e.subscriber import Subscriber, subscribed
from tests.e2e.waiting import LIMIT_S, wait_for

LOGGER = logging.getLogger(__name__)
# Too few rows for a checkpoint; with 100,000 a killed run is continued from the last one.
KILL_ROWS = int(os.environ.get("E2E_KILL_ROWS", "2000"))
CHECKPOINT_ROWS = 10_000
ROWS_A_SECOND = 20  # at the least, on a busy machine
# This cloud needs many times longer for a row than AWS, and a file has three runs.
LONGEST_S = 900
SAME: dict[str, dict[str, object]] = {PRIMARY: {}, STANDBY: {}}


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def primary(regions: Mapping[str, Site]) -> Site:
    return regions[PRIMARY]


@pytest.fixture(scope="module")
def subscriber(regions: Mapping[str, Site]) -> Iterator[Subscriber]:
    with subscribed(regions) as subscriber:
        yield subscriber


def test_an_event_that_comes_four_times_at_once_stores_and_announces_each_row_once(
    primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    upload = primary.put("orders/delivered-often.json", order_lines(300, "often"))

    for _ in range(3):
        dead_letters.deliver(primary, upload.event())
    await_runs(primary, upload, 4)
    subscriber.settle()

    assert differences(upload, regions) == SAME
    assert unannounced(upload, regions, subscriber) == {}


def test_an_event_that_comes_again_later_changes_and_announces_nothing(
    primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    upload = primary.put("orders/delivered-again.json", order_lines(20, "again"))
    await_runs(primary, upload, 1)
    subscriber.settle()
    before = subscriber.counts(upload)

    error = dead_letters.reprocess(primary, upload.event())
    subscriber.settle()

    assert error == ""
    assert primary.runs(upload)[-1]["message"] == "file was complete before"
    assert differences(upload, regions) == SAME
    assert subscriber.counts(upload) == before


def test_versions_of_a_key_in_quick_succession_are_files_of_their_own(
    primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    contents = [order_lines(50, seed) for seed in ("first", "second", "third")]
    key = "orders/overwritten.json"

    uploads = [primary.put(key, contents[0]), primary.put(key, contents[1])]
    wait_for(lambda: int(time.time()) > uploads[1].stored_at.timestamp(), "a second")
    uploads.append(primary.put(key, contents[2]))
    for upload in uploads:
        await_runs(primary, upload, 1)
    subscriber.settle()

    assert uploads[1].stored_at < uploads[2].stored_at
    assert differences_of(uploads, regions) == [SAME] * 3
    assert [unannounced(upload, regions, subscriber) for upload in uploads] == [{}] * 3


def test_a_killed_run_is_finished_by_the_next(
    cloud: Cloud, primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    kill_at = KILL_ROWS // 3
    limit_s = LIMIT_S + KILL_ROWS / ROWS_A_SECOND

    with reconfigured(primary, {}, Timeout=LONGEST_S):
        upload = primary.put("orders/killed.json", order_lines(KILL_ROWS, "killed"))
        row = key_of(expected_rows(upload)[kill_at])
        wait_for(lambda: primary.item(row), f"row {kill_at}", limit_s)
        kill(cloud, primary)
        status = primary.status(upload)
        primary.await_status(upload, "COMPLETED", limit_s=limit_s)
    subscriber.settle(limit_s)

    first, *later = started_after(primary, upload)
    runs = primary.runs(upload)
    LOGGER.info("killed at row %d, %s, continued after rows %s", kill_at, status, later)
    LOGGER.info("stored the rest in %s ms", [run["durationMs"] for run in runs])
    assert status == "PROCESSING"
    assert first == 0
    # On a slow machine the second run may run out of time and be continued by the last retry.
    assert [run["status"] for run in runs] == ["SUSPENDED"] * (len(later) - 1) + ["COMPLETED"]
    assert later[0] >= (kill_at - 1) // CHECKPOINT_ROWS * CHECKPOINT_ROWS
    assert later == sorted(later)
    assert differences(upload, regions) == SAME
    assert unannounced(upload, regions, subscriber) == {}


def test_calls_that_are_throttled_or_whose_answer_is_lost_are_repeated(
    cloud: Cloud, primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    five_percent_each = write_faults(primary, 0.05, Fault.THROTTLED, Fault.ANSWER_LOST)

    with faulty(cloud, calls=five_percent_each) as faults:
        upload = primary.put("orders/throttled.json", order_lines(600, "throttled"))
        await_runs(primary, upload, 1)
        met = faults.status().calls
    subscriber.settle()

    assert min(met) >= 20
    assert [run["writeRetries"] >= 40 for run in primary.runs(upload)] == [True]
    assert differences(upload, regions) == SAME
    assert unannounced(upload, regions, subscriber) == {}


def test_a_file_of_which_a_run_gets_a_part_stored_is_continued_by_the_state_machine(
    cloud: Cloud, primary: Site, regions: Mapping[str, Site], subscriber: Subscriber
) -> None:
    accepted = 600

    with busy(cloud, primary, puts=accepted, Timeout=RESERVE_S + 8) as faults:
        upload = primary.put("orders/suspended.json", order_lines(700, "suspended"))
        primary.await_status(upload, "SUSPENDED")
        suspended = primary.ledger_entry(upload)
        faults.plan()
        primary.await_status(upload, "COMPLETED")
    subscriber.settle()

    assert [run["status"] for run in primary.runs(upload)] == ["SUSPENDED"]
    assert primary.take_dead_letters(upload) == []
    point, rows_read = suspended["resumePoint"]["M"], int(suspended["rowsRead"]["N"])
    assert 0 < rows_read <= accepted
    assert 1 < int(point["row"]["N"]) <= rows_read + 1
    assert "resumePoint" not in primary.ledger_entry(upload)
    assert differences(upload, regions) == SAME
    assert unannounced(upload, regions, subscriber) == {}


def await_runs(site: Site, upload: Upload, runs: int, limit_s: float = LIMIT_S) -> None:
    """Wait until that many have ended; with fewer, some is still under way."""
    wait_for(
        lambda: len(site.runs(upload)) >= runs,
        lambda: f"{runs} runs of {upload.key}, of which {len(site.runs(upload))} have ended",
        limit_s,
    )


def started_after(site: Site, upload: Upload) -> list[int]:
    """Return after which row each run began."""
    return [line["rowsBefore"] for line in site.log(upload) if line["message"] == "file started"]


def kill(cloud: Cloud, site: Site) -> None:
    """End the processor as a failing machine would: at once, without a word."""
    for pid, environ in processes.environments(cloud.state_dir).items():
        if environ.get("AWS_LAMBDA_FUNCTION_NAME") == site.processor:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
