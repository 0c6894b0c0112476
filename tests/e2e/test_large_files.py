"""A file that one run cannot store is stored range by range, whatever happens to the workers."""

import csv
import gzip
import io
import json
import logging
import os
import random
import signal
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest

from local import processes
from local.cloud import Cloud
from naming import LARGE_FILE_WORKER, PRIMARY, STANDBY
from ops import items
from services.processor.runtime.ingest import LARGE_FILE_BYTES
from tests.e2e.oracle import differences
from tests.e2e.site import Site, Upload, sites
from tests.e2e.waiting import wait_for

LOGGER = logging.getLogger(__name__)
# With 200 it takes a quarter of an hour.
LARGE_MB = float(os.environ.get("E2E_LARGE_MB", "5"))
ROW_BYTES, LARGE_ROW_BYTES = 4000, 300_000
RANGES = 8
KILLS = 3
LIMIT_S = 300 + 60 * LARGE_MB
SAME: dict[str, dict[str, object]] = {PRIMARY: {}, STANDBY: {}}


@pytest.fixture(scope="module")
def regions(cloud: Cloud) -> Mapping[str, Site]:
    return sites(cloud)


@pytest.fixture
def primary(regions: Mapping[str, Site]) -> Site:
    return regions[PRIMARY]


def records(size_bytes: float, row_bytes: int = ROW_BYTES) -> Iterator[dict[str, str]]:
    """Yield records of quotes, delimiters and newlines, which no compression makes short."""
    drawn = random.Random(7)
    for number in range(int(size_bytes / row_bytes)):
        text = drawn.randbytes(row_bytes // 2 - 20).hex()
        yield {"id": str(number), "text": f'{text[:9]}"\r\n,"{{[\n{text[9:]}'}


def table(size_bytes: float, row_bytes: int = ROW_BYTES) -> bytes:
    written = io.StringIO()
    rows = csv.DictWriter(written, ["id", "text"], quoting=csv.QUOTE_ALL)
    rows.writeheader()
    rows.writerows(records(size_bytes, row_bytes))
    return written.getvalue().encode()


def lines(size_bytes: float) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in records(size_bytes))


def put_silently(site: Site, key: str, content: bytes) -> Upload:
    """Put a file of which the processor is not told, so that only the machine stores it."""
    with site.silent():
        return site.put(key, content)


def start(site: Site, upload: Upload, **changes: object) -> str:
    """Start the state machine as a file's event does; return the execution."""
    source = {"bucket": upload.bucket, "key": upload.key, "version": upload.version}
    entry = {"source": source, "timestamp": upload.timestamp, "sequencer": "", **changes}
    started = site.client("stepfunctions").start_execution(
        stateMachineArn=site.large_files_arn, input=json.dumps(entry)
    )
    return str(started["executionArn"])


def ended(site: Site, execution: str) -> str:
    """Wait for the end of an execution, and return how it ended."""

    def status() -> str:
        found = site.client("stepfunctions").describe_execution(executionArn=execution)
        return "" if found["status"] == "RUNNING" else str(found["status"])

    return wait_for(status, f"the end of {execution}", LIMIT_S)


def facts(site: Site, upload: Upload) -> dict[str, Any]:
    return items.plain(site.ledger_entry(upload))


def kill(cloud: Cloud) -> int:
    """End every worker as failing machines would; return how many there were."""
    killed = 0
    for pid, environ in processes.environments(cloud.state_dir).items():
        if environ.get("AWS_LAMBDA_FUNCTION_NAME") == LARGE_FILE_WORKER:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def test_a_table_in_ranges_is_what_a_serial_reading_stores_though_workers_are_killed(
    cloud: Cloud, primary: Site, regions: Mapping[str, Site]
) -> None:
    upload = put_silently(primary, "any/ranges.csv", table(LARGE_MB * 1e6))
    size = {"rows": 1_000_000, "size_bytes": len(upload.content) // RANGES}

    execution = start(primary, upload, rangeSize=size)
    killed = 0
    for done in range(1, KILLS + 1):
        _await_ranges(primary, upload, done)
        killed += kill(cloud)
    status = ended(primary, execution)

    LOGGER.info("%d bytes, %d workers killed", len(upload.content), killed)
    assert (status, facts(primary, upload)["status"]) == ("SUCCEEDED", "COMPLETED")
    assert killed >= KILLS
    assert "rangesDone" not in facts(primary, upload)
    assert differences(upload, regions) == SAME


def _await_ranges(site: Site, upload: Upload, done: int) -> None:
    def are_done() -> bool:
        entry = facts(site, upload)
        return entry.get("status") == "COMPLETED" or len(entry.get("rangesDone", ())) >= done

    wait_for(are_done, f"{done} ranges", LIMIT_S)


def test_compressed_lines_are_what_a_serial_reading_stores_though_the_worker_is_killed(
    cloud: Cloud, primary: Site, regions: Mapping[str, Site]
) -> None:
    content = lines(LARGE_MB * 1e6)
    upload = put_silently(primary, "any/lines.json.gz", gzip.compress(content, 1))

    execution = start(primary, upload)
    wait_for(lambda: primary.item((upload.record_id(100), upload.timestamp)), "row 100", LIMIT_S)
    killed = kill(cloud)
    status = ended(primary, execution)

    assert killed
    assert (status, facts(primary, upload)["status"]) == ("SUCCEEDED", "COMPLETED")
    assert differences(upload, regions) == SAME


def test_two_machines_at_once_store_a_file_once(primary: Site, regions: Mapping[str, Site]) -> None:
    upload = put_silently(primary, "any/twice.csv", table(400_000))
    size = {"rows": 20, "size_bytes": 1_000_000}

    executions = [start(primary, upload, rangeSize=size) for _ in range(2)]

    assert [ended(primary, each) for each in executions] == ["SUCCEEDED"] * 2
    assert differences(upload, regions) == SAME


def test_a_file_that_ends_too_early_fails_with_its_rows_and_leaves_a_dead_letter(
    primary: Site,
) -> None:
    content = json.dumps(list(records(400_000))).encode()[:-100]
    upload = put_silently(primary, "any/cut off.json", content)

    execution = start(primary, upload, rangeSize={"rows": 20, "size_bytes": 100_000})
    status = ended(primary, execution)
    letter = primary.await_dead_letter(upload)

    entry = facts(primary, upload)
    assert (status, entry["status"]) == ("FAILED", "FAILED")
    assert entry["failure"]["code"] == "TRUNCATED_JSON"
    assert entry["rowsRead"] == entry["itemsWritten"] == 99
    assert letter["Records"][0]["s3"]["object"]["versionId"] == upload.version


def test_a_file_over_the_limit_starts_the_machine_by_its_own_event(
    primary: Site, regions: Mapping[str, Site]
) -> None:
    content = table(1.04 * LARGE_FILE_BYTES, row_bytes=LARGE_ROW_BYTES)

    upload = primary.put("any/over the limit.csv", content)
    primary.await_status(upload, "COMPLETED", "FAILED", limit_s=LIMIT_S)

    assert len(content) > LARGE_FILE_BYTES
    assert [line["message"] for line in primary.log(upload)] == ["large file handed over"]
    assert differences(upload, regions) == SAME
    primary.remove(upload, len(content) // LARGE_ROW_BYTES)
