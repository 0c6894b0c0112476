"""Every error of the service, in two families: permanent and transient.

What an error is as a text goes to logs and dead letters, so it never quotes a file.
"""

from typing import ClassVar

from services.processor.runtime.text_truncation import truncate


class PermanentError(Exception):
    """The same input will fail again: record the reason, do not retry."""


class TransientError(Exception):
    """The same input may succeed later: fail the run, so that Lambda retries it.

    ``code`` is stable.
    """

    code: ClassVar[str]


class MalformedEventError(PermanentError):
    """An event, or one of its records, does not name an object; the message says why."""


class UnreadableFileError(PermanentError):
    """A file cannot be read, or not beyond ``row``; ``code`` is stable.

    ``message`` may quote the file, so it is truncated, and for the ledger entry only. ``told`` is
    what else may be said elsewhere.
    """

    def __init__(self, code: str, message: str, row: int | None = None, told: str = "") -> None:
        self.code = code
        self.message = truncate(message)
        place = "" if row is None else f" in row {row}"
        super().__init__(f"{code}{place}: {told}" if told else f"{code}{place}")
        self.row = row


class ObjectMissingError(UnreadableFileError):
    """The version that an event names does not exist, or no longer exists."""

    def __init__(self, problem: str) -> None:
        super().__init__("OBJECT_MISSING", problem, told=problem)


class ObjectRefusedError(UnreadableFileError):
    """S3 denies this function the object.

    S3 gives the same answer when the object does not exist, because the function may not list the
    bucket.
    """

    def __init__(self, problem: str) -> None:
        hint = "S3 answers the same when the object does not exist"
        super().__init__("OBJECT_REFUSED", f"{problem}; {hint}", told=problem)


class RejectedRowError(PermanentError):
    """A row breaks its contract; ``code`` is stable, ``field`` is a path in the row.

    ``message`` and ``field`` may quote the row, so they are for its item only.
    """

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field

    def inside(self, parent: str) -> "RejectedRowError":
        """Return the same error with ``field`` below the field or list index ``parent``."""
        if self.field is None:
            return RejectedRowError(self.code, self.message, parent)
        dot = "" if self.field.startswith("[") else "."
        return RejectedRowError(self.code, self.message, f"{parent}{dot}{self.field}")


class ContractError(Exception):
    """A declaration in the source is wrong; the message says what to write instead.

    It belongs to neither family, because no file is processed before it is corrected.
    """


class CountsDisagreeError(PermanentError):
    """Rows read, decided and stored differ in number, so the file must not become COMPLETED."""


class NewerContractError(TransientError):
    """A newer contract version has started this file; an older one must not finish it."""

    code = "NEWER_CONTRACT"


class OutOfTimeError(TransientError):
    """The invocation would be stopped before the work was done."""

    code = "OUT_OF_TIME"


class NothingReachedError(OutOfTimeError):
    """The whole invocation went by before a row was read that is not stored yet."""


class RefusedError(TransientError):
    """DynamoDB refuses a request until a permission or the table is corrected."""

    code = "REFUSED"


class SourceUnavailableError(TransientError):
    """S3 does not answer, or the connection broke while the object was read."""

    code = "SOURCE_UNAVAILABLE"
