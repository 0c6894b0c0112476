"""The oracle: what must be stored and announced, from the uploads and the buckets' listings.

A version in a bucket becomes the rows of the upload with its key and bytes. A record has the
contents of the version that was put last, by the second that S3 shows. Every row that breaks the
contract is an item of its own file.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from drill.orders import text
from drill.reading import Key, Version
from drill.traffic import Upload

Data = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class Expected:
    """What must be there in the end.

    ``older`` has the contents of records that newer ones have replaced, ``missing`` the
    acknowledged uploads that no bucket has.
    """

    records: dict[Key, Data] = field(default_factory=dict)
    older: dict[Key, list[Data]] = field(default_factory=lambda: defaultdict(list))
    brought: list[tuple[Key, Data]] = field(default_factory=list)  # by each file
    rejected: dict[Key, str] = field(default_factory=dict)  # the reason's code
    files: dict[Key, Upload] = field(default_factory=dict)  # by the key of the ledger entry
    missing: list[Upload] = field(default_factory=list)


def expect(uploads: Iterable[Upload], found: Iterable[Version]) -> Expected:
    """Return what the versions that were found must lead to."""
    known = {(upload.key, upload.etag): upload for upload in uploads}
    expected = Expected()
    acknowledged = {
        (upload.key, upload.version): upload for upload in known.values() if upload.version
    }
    for version in sorted(found, key=lambda each: each.stored_at):
        acknowledged.pop((version.key, version.version), None)
        _add(expected, version, known[version.key, version.etag])
    expected.missing = list(acknowledged.values())
    return expected


def _add(expected: Expected, version: Version, upload: Upload) -> None:
    stored_at = text(version.stored_at.replace(microsecond=0))
    expected.files[version.file_id, stored_at] = upload
    for number, row in enumerate(upload.rows, 1):
        own_key = (f"{version.file_id}.{number:09d}", stored_at)
        if row.data is None:
            expected.rejected[own_key] = row.code
        else:
            key = (row.record_id, row.moment) if row.record_id else own_key
            _replace(expected, key, row.data)


def _replace(expected: Expected, key: Key, data: Data) -> None:
    expected.brought.append((key, data))
    before = expected.records.get(key)
    if before is not None and before != data:
        expected.older[key].append(before)
    expected.records[key] = data


def counts(upload: Upload) -> Mapping[str, object]:
    """Return what the file's ledger entry must say in the end."""
    accepted = len(upload.records)
    return {
        "status": "COMPLETED",
        "rowsRead": len(upload.rows),
        "rowsAccepted": accepted,
        "rowsRejected": len(upload.rows) - accepted,
        "itemsWritten": len(upload.rows),
    }
