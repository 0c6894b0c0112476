"""Identifiers, computed from what they identify: a second delivery finds the first one's items.

Imports the standard library only: the operator's tools compute the same identifiers with it.
"""

from hashlib import sha256
from zlib import crc32

# A status alone would be one hot partition of the status index.
SHARDS = 16
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


def shard(item_id: str) -> int:
    """Return the partition of the status index that holds this file or record: 0 to 15."""
    return crc32(item_id.encode()) % SHARDS
