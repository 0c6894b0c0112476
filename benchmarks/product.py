"""The product, put together for a benchmark: the one module that knows how.

Everything is the function's own except the source, which reads a local file in place of S3.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from aws_lambda_powertools import Logger, Metrics

import naming
from benchmarks.job import Job
from services.aws_client import clients
from services.aws_client.errors import AwsClientError
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import OutOfTimeError
from services.processor.runtime.file_names import Format, file_format
from services.processor.runtime.ingest import Ingest
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import ObjectVersion
from services.processor.runtime.item import record_item
from services.processor.runtime.parsing import read_rows
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.deadline import Deadline
from services.processor.runtime.storage.ledger import DynamoDbLedger
from services.processor.runtime.storage.ledger_entry import Counts, Entry
from services.processor.runtime.storage.row_requests import RowRequests
from services.processor.runtime.storage.sending import Sending
from services.processor.runtime.storage.writer import DynamoDbWriter
from services.processor.runtime.telemetry import PowertoolsTelemetry, RunReport

CHUNK_BYTES = 256 * 1024
_PLENTY_S = 24 * 60 * 60


@dataclass
class FileSource:
    """The one object of a job, read from its file; ``is_at_end`` as soon as all of it is read."""

    job: Job
    is_at_end: bool = False

    def open(self, ref: ObjectRef) -> ObjectVersion:
        origin = self.job.origin
        return ObjectVersion(
            bucket=ref.bucket,
            key=ref.key,
            version=origin["version"],
            last_modified=datetime.fromisoformat(origin["lastModified"]),
            size_bytes=Path(self.job.file).stat().st_size,
            chunks_from=self._chunks_from,
            sequencer=ref.sequencer,
        )

    def _chunks_from(self, byte: int) -> Iterator[bytes]:
        with Path(self.job.file).open("rb") as file:
            file.seek(byte)
            chunk = file.read(CHUNK_BYTES)
            while chunk:
                following = file.read(CHUNK_BYTES)
                self.is_at_end = not following
                yield chunk
                chunk = following


@dataclass
class KeptEntry:
    """A ledger in memory, with the entry of one file."""

    entry: Entry

    def open(self, file: SourceFile, deadline: Deadline) -> Entry:  # noqa: ARG002  # the port's
        return self.entry

    def save(self, file: SourceFile, entry: Entry, deadline: Deadline) -> None:  # noqa: ARG002
        self.entry = replace(entry, sequencer=self.entry.sequencer)

    def hand_over(self, file: SourceFile, deadline: Deadline) -> None:  # noqa: ARG002
        raise AssertionError("a benchmark's file is read by one run, whatever its size")


@dataclass
class KeptReport(PowertoolsTelemetry):
    """The function's telemetry, which also keeps the last report."""

    reports: list[RunReport] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(Logger(service="bench"), Metrics(namespace="bench", service="bench"))

    def ended(self, file: SourceFile, report: RunReport) -> None:
        super().ended(file, report)
        self.reports.append(report)


def ingest(job: Job) -> Ingest:
    """Return the product as the function has it, writing to the endpoint of the environment."""
    region = job.origin["region"]
    sending = Sending(clients.dynamodb(region, os.environ))
    return Ingest(
        source=FileSource(job),
        ledger=DynamoDbLedger(sending, job.table),
        writer=DynamoDbWriter(sending, job.table),
        telemetry=KeptReport(),
        origin_region=region,
    )


def stopped_at_the_end(job: Job) -> Entry:
    """Store the file of a job up to its last chunk; return the entry from which a run resumes."""
    source = FileSource(job)
    ledger = KeptEntry(Entry("PROCESSING", Counts(), sequencer=job.origin["sequencer"]))
    run = replace(ingest(job), source=source, ledger=ledger)
    with suppress(OutOfTimeError):
        run(reference(job), Deadline(lambda: 0 if source.is_at_end else 1000 * _PLENTY_S))
    return ledger.entry


def resumed(job: Job, entry: Entry) -> int:
    """Resume a file from an entry; return how many rows were left."""
    ledger = KeptEntry(entry)
    replace(ingest(job), ledger=ledger)(reference(job), in_plenty_of_time())
    return ledger.entry.counts.rows_read - entry.counts.rows_read


def encoded(job: Job) -> list[bytes]:
    """Return the body of the request for each row of a job's file."""
    requests = RowRequests(job.table)
    file = _source_file(job)
    contract = contract_for(file.key)
    rows = read_rows(FileSource(job).open(reference(job)).chunks, _format(file), contract.form)
    return [requests.put(record_item(file, contract, row)) for row in rows]


def send_all(bodies: Sequence[bytes]) -> int:
    """Sign and send requests to store items, as many at once as the product; return how many."""
    dynamodb = clients.dynamodb(naming.PRIMARY, os.environ)
    transport = dynamodb.transport
    problems: list[object] = []

    def done(outcome: bytes | AwsClientError) -> None:
        if not isinstance(outcome, bytes):
            problems.append(outcome)

    for body in bodies:
        while not transport.has_room:
            transport.poll(1.0)
        dynamodb.call("PutItem", body, done)
    while transport.in_flight:
        transport.poll(1.0)
    if problems:
        raise RuntimeError(problems[0])
    return len(bodies)


def _source_file(job: Job) -> SourceFile:
    origin = job.origin
    contract = contract_for(origin["key"])
    return SourceFile(
        bucket=origin["bucket"],
        key=origin["key"],
        version=origin["version"],
        timestamp=origin["lastModified"],
        size_bytes=Path(job.file).stat().st_size,
        dataset=contract.dataset,
        contract_version=contract.version,
        origin_region=origin["region"],
        sequencer=origin["sequencer"],
    )


def _format(file: SourceFile) -> Format:
    known = file_format(file.key)
    if known is None:
        raise ValueError(file.key)
    return known


def reference(job: Job) -> ObjectRef:
    """Return the event's reference to the file of a job."""
    return ObjectRef(
        bucket=job.origin["bucket"],
        key=job.origin["key"],
        version_id=job.origin["version"],
        etag="",
        event_time=datetime.fromisoformat(job.origin["lastModified"]),
        sequencer=job.origin["sequencer"],
    )


def in_plenty_of_time() -> Deadline:
    """Return a deadline that no benchmark meets."""
    end_s = time.monotonic() + _PLENTY_S
    return Deadline(lambda: round(1000 * (end_s - time.monotonic())))


def last_report(run: Ingest) -> RunReport:
    """Return what the last run of :func:`ingest` reported."""
    return cast("KeptReport", run.telemetry).reports[-1]
