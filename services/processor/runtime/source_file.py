"""The file that a run ingests, as its items describe it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.keys import file_id, file_precedence, precedence

EXPIRES_AT = "expiresAt"  # in seconds since 1970, as the table's time to live has it
DAY_S = 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One version of one object and the contract it is read by.

    ``timestamp`` is when the object was put, as :func:`~.attributes.utc_ms` writes it.
    ``sequencer`` is S3's order of the versions of one key, empty when it is not known.
    Rejected rows are kept for ``rejected_kept_days`` after ``timestamp``, always if that is 0.
    """

    bucket: str
    key: str
    version: str
    timestamp: str
    size_bytes: int
    dataset: str
    contract_version: int
    origin_region: str
    sequencer: str = ""
    rejected_kept_days: int = 0

    @cached_property
    def id(self) -> str:
        """Return the ``recordId`` of the file's item, and the beginning of those of its rows."""
        return file_id(self.bucket, self.key, self.version)

    @cached_property
    def origin(self) -> dict[str, Attribute]:
        """Return the attributes that the file's item and the items of its rows all carry."""
        return {
            "dataset": {"S": self.dataset},
            "contractVersion": {"N": str(self.contract_version)},
            "originRegion": {"S": self.origin_region},
        }

    @cached_property
    def source(self) -> dict[str, Attribute]:
        """Return the attribute ``source`` of the file's item; that of a row adds its number."""
        return {
            "bucket": {"S": self.bucket},
            "key": {"S": self.key},
            "version": {"S": self.version},
        }

    @cached_property
    def expiry(self) -> dict[str, Attribute]:
        """Return the attribute by which the table deletes a rejected row; none if it is kept."""
        if not self.rejected_kept_days:
            return {}
        put = datetime.fromisoformat(self.timestamp)
        return {EXPIRES_AT: {"N": str(int(put.timestamp()) + self.rejected_kept_days * DAY_S)}}

    def precedence(self, row: int) -> str:
        """Return the text that decides between a row of this file and other rows with its key."""
        return precedence(self._file_precedence, row)

    @cached_property
    def _file_precedence(self) -> str:
        return file_precedence(
            last_modified=self.timestamp,
            sequencer=self.sequencer,
            version=self.version,
            contract_version=self.contract_version,
        )
