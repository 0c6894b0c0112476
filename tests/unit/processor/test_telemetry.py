import io
import json
import logging
from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools import Logger, Metrics

from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.item import Rejection
from services.processor.runtime.storage.ledger_entry import Counts, Entry, Failure, Status
from services.processor.runtime.telemetry import PowertoolsTelemetry, RunReport
from tests.unit.processor.fakes import ref
from tests.unit.processor.files import source_file

_services = count()
FILE = source_file()
BEFORE = Counts(rows_read=10, rows_accepted=9, rows_rejected=1, items_written=10)
AFTER = Counts(rows_read=30, rows_accepted=27, rows_rejected=3, items_written=30)


class World:
    def __init__(self, level: int = logging.INFO) -> None:
        self.out = io.StringIO()
        # Powertools keeps loggers and metrics by name, so each test has a name of its own.
        service = f"service-{next(_services)}"
        self.logger = Logger(
            service=service, level=level, logger_handler=logging.StreamHandler(self.out)
        )
        self.metrics = Metrics(namespace="tests", service=service)
        self.metrics.clear_metrics()
        self.telemetry = PowertoolsTelemetry(self.logger, self.metrics)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def figures(self) -> dict[str, float]:
        emf: dict[str, Any] = self.metrics.serialize_metric_set()  # type: ignore[assignment]
        definitions = emf["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        self.metrics.clear_metrics()
        return {metric["Name"]: emf[metric["Name"]][0] for metric in definitions}


def report(entry: Entry) -> RunReport:
    return RunReport(before=BEFORE, entry=entry, bytes_read=4096, write_retries=5, duration_ms=1500)


def test_a_run_has_a_line_at_its_start_and_one_at_its_end() -> None:
    world = World()

    world.telemetry.started(FILE, Entry("SUSPENDED", BEFORE))
    world.telemetry.ended(FILE, report(Entry("COMPLETED", AFTER)))

    start, end = world.lines()
    assert (start["message"], start["rowsBefore"], start["key"]) == (
        "file started",
        10,
        "any/a.json",
    )
    assert (end["message"], end["level"], end["status"]) == ("file ended", "INFO", "COMPLETED")
    assert (end["rowsRead"], end["rowsAccepted"], end["rowsRejected"]) == (30, 27, 3)
    assert start["correlation_id"] == end["correlation_id"] == FILE.id


@pytest.mark.parametrize(("status", "level"), [("FAILED", "ERROR"), ("SUSPENDED", "WARNING")])
def test_a_run_that_did_not_complete_its_file_ends_with_the_reason(
    status: Status, level: str
) -> None:
    world = World()

    world.telemetry.ended(FILE, report(Entry(status, AFTER, Failure("NOT_JSON", "cut off", 31))))

    [end] = world.lines()
    assert end["level"] == level
    assert end["failure"] == {"code": "NOT_JSON", "row": 31}


@pytest.mark.parametrize(
    ("entry", "outcome"),
    [
        (Entry("COMPLETED", AFTER), "FilesCompleted"),
        (Entry("SUSPENDED", AFTER), "FilesSuspended"),
        (Entry("FAILED", AFTER, Failure("NOT_JSON", "cut off")), "FilesFailed"),
        (Entry("IGNORED", AFTER, Failure("UNKNOWN_SUFFIX", "a.txt")), "FilesIgnored"),
    ],
)
def test_metrics_count_what_this_run_did(entry: Entry, outcome: str) -> None:
    world = World()

    world.telemetry.ended(FILE, report(entry))

    expected: dict[str, float] = {
        "FilesCompleted": 0,
        "FilesSuspended": 0,
        "FilesFailed": 0,
        "FilesIgnored": 0,
        "RowsAccepted": 18,
        "RowsRejected": 2,
        "WriteRetries": 5,
        "BytesRead": 4096,
        "FileDurationMs": 1500,
    }
    assert world.figures() == expected | {outcome: 1}


def test_rows_are_counted_by_dataset_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()

    world.telemetry.ended(source_file(dataset="orders"), report(Entry("COMPLETED", AFTER)))
    world.telemetry.ended(source_file(dataset="stock"), report(Entry("COMPLETED", BEFORE)))

    sets = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(s["dataset"], s["RowsAccepted"], s["RowsRejected"]) for s in sets] == [
        ("orders", [18], [2]),
        ("stock", [0], [0]),
    ]
    [definition] = sets[0]["_aws"]["CloudWatchMetrics"]
    assert sorted(definition["Dimensions"][0]) == ["dataset", "service"]
    assert definition["Namespace"] == "tests"


def test_a_file_that_was_complete_before_is_counted_as_unchanged_only() -> None:
    world = World()

    world.telemetry.unchanged(FILE)

    assert world.figures() == {"FilesUnchanged": 1}
    assert world.lines()[0]["correlation_id"] == FILE.id


def test_a_run_that_fails_before_its_file_is_opened_logs_why_under_the_file_s_id() -> None:
    world = World()
    world.telemetry.started(source_file(version="another"), Entry("PROCESSING", Counts()))

    world.telemetry.received(ref(FILE.key, FILE.version))
    world.telemetry.failed(ref(FILE.key, FILE.version), OutOfTimeError("no time"))

    _, failed = world.lines()
    assert (failed["message"], failed["level"]) == ("run failed", "ERROR")
    assert (failed["error"], failed["reason"]) == ("OutOfTimeError", "no time")
    assert (failed["bucket"], failed["key"], failed["version"]) == ("inbox", "any/a.json", "v1")
    assert failed["correlation_id"] == FILE.id


def test_a_file_of_bad_rows_does_not_flood_the_log() -> None:
    world = World()
    rejection = Rejection("WRONG_TYPE", "Expected `int`", "quantity")

    for row in range(1, 101):
        world.telemetry.rejected(row, rejection)
    world.telemetry.started(FILE, Entry("PROCESSING", Counts()))
    world.telemetry.rejected(1, rejection)

    rejected = [line for line in world.lines() if line["message"] == "row rejected"]
    assert len(rejected) == 21
    assert (rejected[0]["row"], rejected[0]["code"]) == (1, "WRONG_TYPE")


def test_every_rejected_row_is_logged_when_debugging() -> None:
    world = World(logging.DEBUG)

    for row in range(1, 101):
        world.telemetry.rejected(row, Rejection("WRONG_TYPE", "Expected `int`"))

    assert len(world.lines()) == 100


def test_no_log_line_grows_with_an_error() -> None:
    world = World()

    world.telemetry.failed(ref(FILE.key, FILE.version), OutOfTimeError("é" * 500_000))

    [failed] = world.lines()
    assert failed["reason"] == "é" * 512
