"""Identifiers, computed from what they identify: a second delivery finds the first one's items.

Imports the standard library only: the operator's tools compute the same identifiers with it.
"""

from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from zlib import crc32

# A status alone would be one hot partition of the status index, and a partition takes 1,000 write
# units a second. Rows are accepted as fast as the table takes them, by default 40,000 a second at
# most: 64 shards then take 625 each, with room for chance. Of everything else there is less.
SHARDS = 16
ACCEPTED_SHARDS = 64
# DynamoDB's limit for the partition key.
MAX_RECORD_ID_BYTES = 2048
# The timestamp of records that have a key and no moment of their own.
NO_TIME = "0001-01-01T00:00:00.000Z"
# A row's number has nine digits in its id and its precedence, which both compare as texts.
MAX_ROWS = 999_999_999
# Before the colon of the operators' notes in the table, where a keyed record has its dataset.
NOTES = "audit"
_NO_VERSION = "null"


def version_name(version_id: str | None, etag: str) -> str:
    """Return what distinguishes the contents of a key: the version id, or else the ETag.

    S3 returns no version id, or ``null``, in a bucket without versioning.
    """
    if version_id and version_id != _NO_VERSION:
        return version_id
    return etag.strip('"')


def file_id(bucket: str, key: str, version: str) -> str:
    """Return ``f`` and 31 hexadecimal digits that identify one version of one object."""
    identity = f"{bucket}\0{key}\0{version}".encode()
    return "f" + sha256(identity).hexdigest()[:31]


def record_id(of_file: str, row: int) -> str:
    """Return the id of a row of the file with the id ``of_file``; ids sort by row."""
    return f"{of_file}.{row:09d}"


def keyed_record_id(dataset: str, parts: Sequence[str]) -> str:
    r"""Return the id of the record that ``parts`` identify in a dataset: ``orders:1001``.

    Several parts are joined by ``|``, with ``\`` before a ``|`` or ``\`` of their own. No row or
    file has such an id, because theirs contain no colon.
    """
    if len(parts) == 1:
        return f"{dataset}:{parts[0]}"
    escaped = (part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)
    return f"{dataset}:{'|'.join(escaped)}"


def file_precedence(
    *, last_modified: str, sequencer: str, version: str, contract_version: int
) -> str:
    """Return a text by which what files make of one record compares: the greater one is the newer.

    The object put later wins; within one second the one with the greater ``sequencer`` of S3, which
    orders the versions of one key and is a hexadecimal text that compares as if padded with zeros.
    Of one object the newer contract wins.
    """
    # "/" sorts before every digit, so a sequencer that another one begins with is the smaller one.
    return f"{last_modified}/{sequencer}/{version}/{contract_version:09d}"


def precedence(of_file: str, row: int) -> str:
    """Return a text by which one record's contents compare: of one file, the later row wins."""
    return f"{of_file}/{row:09d}"


class StatusIndex(StrEnum):
    """What the status index has: ``ALL``, or ``EXCEPTIONS``, which leaves out accepted rows."""

    ALL = "all"
    EXCEPTIONS = "exceptions"


def shard(item_id: str) -> int:
    """Return the partition of the status index that holds a file or a rejected row: 0 to 15.

    Another status does not change it.
    """
    return crc32(item_id.encode()) % SHARDS


def accepted_shard(item_id: str) -> int:
    """Return the partition of the status index that holds an accepted row: 0 to 63.

    Those stored before there were 64 are in the one that :func:`shard` returns.
    """
    return crc32(item_id.encode()) % ACCEPTED_SHARDS
