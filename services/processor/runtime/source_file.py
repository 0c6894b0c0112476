"""The file that a run ingests, as its items describe it.

What the items of all its rows have in common is written once, as a part of their DynamoDB JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from services.processor.runtime.attributes import Attribute
from services.processor.runtime.keys import (
    StatusIndex,
    accepted_shard,
    file_id,
    file_precedence,
    precedence,
)

EXPIRES_AT = "expiresAt"  # in seconds since 1970, as the table's time to live has it
DAY_S = 24 * 60 * 60


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One version of one object and the contract it is read by.

    ``timestamp`` is when the object was put, as :func:`~.attributes.utc_ms` writes it.
    ``sequencer`` is S3's order of the versions of one key, empty when it is not known.
    Rejected rows are kept for ``rejected_kept_days`` after ``timestamp``, always if that is 0.
    ``status_index`` says whether accepted rows are in the status index.
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
    status_index: StatusIndex = StatusIndex.ALL

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

    def accepted_shard(self, record_id: str) -> int | None:
        """Return the shard of an accepted row, or ``None`` if it is not to be in the index."""
        if self.status_index is StatusIndex.EXCEPTIONS:
            return None
        return accepted_shard(record_id)

    @cached_property
    def origin_json(self) -> str:
        """Return the members of an item that ``origin`` is."""
        return _members(self.origin)

    @cached_property
    def source_json(self) -> str:
        """Return the members of an item's ``source`` that are the same for all rows."""
        return _members(self.source)

    @cached_property
    def expiry_json(self) -> str:
        """Return the members of an item that ``expiry`` is, perhaps none."""
        return _members(self.expiry)

    def precedence_json(self, row: int) -> str:
        """Return, in quotes, what decides between this row and other rows with its key."""
        return f'{self._precedence_start}{row:09d}"'

    @cached_property
    def _precedence_start(self) -> str:
        of_file = file_precedence(
            last_modified=self.timestamp,
            sequencer=self.sequencer,
            version=self.version,
            contract_version=self.contract_version,
        )
        return json.dumps(precedence(of_file, 0), ensure_ascii=False).removesuffix('000000000"')


def _members(attributes: Mapping[str, Attribute]) -> str:
    return json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))[1:-1]
