"""The telemetry of a run: a port, and its implementation with structured logs and EMF metrics."""

from typing import Protocol, Self

import msgspec
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from services.processor.runtime.errors import PermanentError, TransientError
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.item import Rejection
from services.processor.runtime.source_file import SourceFile
from services.processor.runtime.storage.ledger_entry import Counts, Entry
from services.processor.runtime.text_truncation import truncate

# A file of bad rows must not flood the log; all of them are in the table.
MAX_REJECTIONS_LOGGED = 20


class RunReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one run did with a file: the counts before, the entry after, and what it took."""

    before: Counts
    entry: Entry
    bytes_read: int
    write_retries: int
    duration_ms: int

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Return the report of a run that stored no row, but ended the file."""
        nothing = {"bytes_read": 0, "write_retries": 0, "duration_ms": 0}
        return cls(before=entry.counts, entry=entry, **nothing)

    @property
    def rows_accepted(self) -> int:
        """Return how many rows this run accepted, without those of earlier runs."""
        return self.entry.counts.rows_accepted - self.before.rows_accepted

    @property
    def rows_rejected(self) -> int:
        """Return how many rows this run rejected, without those of earlier runs."""
        return self.entry.counts.rows_rejected - self.before.rows_rejected


class Telemetry(Protocol):
    """Reports on files while they are processed."""

    def received(self, ref: ObjectRef) -> None:
        """Report an event's object; all later reports concern it."""

    def started(self, file: SourceFile, entry: Entry) -> None:
        """Report that the rows after ``entry`` are about to be ingested."""

    def rejected(self, row: int, rejection: Rejection) -> None:
        """Report a row that is stored as rejected."""

    def ended(self, file: SourceFile, report: RunReport) -> None:
        """Report a run whose outcome is in the ledger."""

    def unchanged(self, file: SourceFile) -> None:
        """Report that a file was delivered again after it was complete."""

    def handed_over(self, file: SourceFile) -> None:
        """Report a file that is left to the state machine for large files."""

    def failed(self, ref: ObjectRef, error: PermanentError | TransientError) -> None:
        """Report the error that ends a run, even when no ledger entry could record it."""


class PowertoolsTelemetry:
    """Logs when a run starts, when it ends and why it failed, and some of the rejected rows.

    A line has nothing of what is in a file: no value, no name of a field, no message that may quote
    them; these are in the table. Every line has the file's id as
    correlation id. Counts are metrics in CloudWatch's embedded metric format (EMF); those of rows
    are also counted by dataset.
    """

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics
        self._rejections = 0

    def received(self, ref: ObjectRef) -> None:
        self._logger.set_correlation_id(ref.file_id)

    def started(self, file: SourceFile, entry: Entry) -> None:
        self._rejections = 0
        self._logger.set_correlation_id(file.id)
        rows_before = entry.counts.rows_read
        self._logger.info("file started", extra={**_names(file), "rowsBefore": rows_before})

    def rejected(self, row: int, rejection: Rejection) -> None:
        self._rejections += 1
        is_within_limit = self._rejections <= MAX_REJECTIONS_LOGGED
        log = self._logger.warning if is_within_limit else self._logger.debug
        log("row rejected", extra={"row": row, "code": rejection.code})

    def ended(self, file: SourceFile, report: RunReport) -> None:
        warn = {"FAILED": self._logger.error, "SUSPENDED": self._logger.warning}
        log = warn.get(report.entry.status, self._logger.info)
        log("file ended", extra={**_names(file), **_figures(report)})
        self._count(report)
        self._count_rows(file.dataset, report)

    def unchanged(self, file: SourceFile) -> None:
        self._logger.set_correlation_id(file.id)
        self._logger.info("file was complete before", extra=_names(file))
        self._metrics.add_metric("FilesUnchanged", MetricUnit.Count, 1)

    def handed_over(self, file: SourceFile) -> None:
        self._logger.set_correlation_id(file.id)
        self._logger.info("large file handed over", extra=_names(file))
        self._metrics.add_metric("FilesHandedOver", MetricUnit.Count, 1)

    def failed(self, ref: ObjectRef, error: PermanentError | TransientError) -> None:
        named = {"bucket": ref.bucket, "key": ref.key, "version": ref.version}
        reason = {"error": type(error).__name__, "reason": truncate(str(error))}
        self._logger.error("run failed", extra={**named, **reason})

    def _count(self, report: RunReport) -> None:
        counts = {
            "FilesCompleted": int(report.entry.status == "COMPLETED"),
            "FilesSuspended": int(report.entry.status == "SUSPENDED"),
            "FilesFailed": int(report.entry.status == "FAILED"),
            "FilesIgnored": int(report.entry.status == "IGNORED"),
            "RowsAccepted": report.rows_accepted,
            "RowsRejected": report.rows_rejected,
            "WriteRetries": report.write_retries,
        }
        for name, value in counts.items():
            self._metrics.add_metric(name, MetricUnit.Count, value)
        self._metrics.add_metric("BytesRead", MetricUnit.Bytes, report.bytes_read)
        self._metrics.add_metric("FileDurationMs", MetricUnit.Milliseconds, report.duration_ms)

    def _count_rows(self, dataset: str, report: RunReport) -> None:
        # One invocation may read files of several datasets, and a dimension is that of a whole set.
        rows = EphemeralMetrics(namespace=self._metrics.namespace, service=self._metrics.service)
        rows.add_dimension("dataset", dataset)
        rows.add_metric("RowsAccepted", MetricUnit.Count, report.rows_accepted)
        rows.add_metric("RowsRejected", MetricUnit.Count, report.rows_rejected)
        rows.flush_metrics()


def _names(file: SourceFile) -> dict[str, object]:
    return {
        "bucket": file.bucket,
        "key": file.key,
        "version": file.version,
        "dataset": file.dataset,
        "sizeBytes": file.size_bytes,
    }


def _figures(report: RunReport) -> dict[str, object]:
    entry = report.entry
    failure = entry.failure and {"code": entry.failure.code, "row": entry.failure.row}
    return {
        "status": entry.status,
        "rowsRead": entry.counts.rows_read,
        "rowsAccepted": entry.counts.rows_accepted,
        "rowsRejected": entry.counts.rows_rejected,
        "itemsWritten": entry.counts.items_written,
        "bytesRead": report.bytes_read,
        "writeRetries": report.write_retries,
        "durationMs": report.duration_ms,
        **({"failure": failure} if failure else {}),
    }
