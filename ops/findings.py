"""What a reconciliation finds: a file, or a row of it, and what is wrong with it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ops.items import Key
from ops.object_versions import ListedVersion


class Code(StrEnum):
    """What was found; the codes are stable."""

    FILE_MISSING = "FILE_MISSING"
    NOT_COMPLETE = "NOT_COMPLETE"
    COUNTS_DISAGREE = "COUNTS_DISAGREE"
    ROW_MISSING = "ROW_MISSING"
    MARK_MISSING = "MARK_MISSING"  # an accepted correction, whose rejected row still waits for one
    NOT_READ = "NOT_READ"  # contents under the name of a folder, for which no event is sent
    UNDECIDED = "UNDECIDED"
    IN_WORK = "IN_WORK"
    IGNORED = "IGNORED"
    REPLACED = "REPLACED"
    FOLDER = "FOLDER"
    ERASED = "ERASED"
    CORRECTED_ROW_MISSING = "CORRECTED_ROW_MISSING"


# Told, but nothing is missing.
REMARKS = frozenset(
    {
        *(Code.IN_WORK, Code.IGNORED, Code.REPLACED, Code.FOLDER, Code.ERASED),
        Code.CORRECTED_ROW_MISSING,
    }
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing found; ``row`` is 0 if it concerns the whole file, else ``key`` is its item's.

    ``detail`` is a sentence without a full stop.
    """

    code: Code
    version: ListedVersion
    detail: str
    row: int = 0
    key: Key | None = None

    @property
    def is_wrong(self) -> bool:
        """Return whether something is missing; a remark or what is undecided is not."""
        return self.code not in REMARKS and self.code is not Code.UNDECIDED

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return it as plain values."""
        version = self.version
        facts: dict[str, Any] = {
            "code": str(self.code),
            "region": version.region,
            "bucket": version.bucket,
            "key": version.key,
            "version": version.version,
            "time": version.timestamp,
            "detail": self.detail,
        }
        if self.row:
            facts["row"] = self.row
        if self.key:
            facts |= {"recordId": self.key.record_id, "timestamp": self.key.timestamp}
        return facts


@dataclass(kw_only=True)
class Totals:
    """What a reconciliation has looked at so far; ``found`` counts its findings by code."""

    files: int = 0
    rows: int = 0
    size_bytes: int = 0
    found: Counter[Code] = field(default_factory=Counter)

    @property
    def wrong(self) -> int:
        """Return how many findings say that something is missing."""
        return sum(
            n for code, n in self.found.items() if code not in REMARKS and code != Code.UNDECIDED
        )

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return the counts as plain values."""
        found = {str(code): n for code, n in sorted(self.found.items())}
        return {"files": self.files, "rows": self.rows, "bytes": self.size_bytes, "found": found}
