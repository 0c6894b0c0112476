"""Keys are functions of what is stored: a second delivery finds the first one's items."""

from hashlib import sha256
from typing import Final
from zlib import crc32

# A status alone would be one hot partition of the index by status.
SHARDS: Final = 16
_NO_VERSION: Final = "null"


def version_name(version_id: str | None, etag: str) -> str:
    """Tell the contents of a key apart: by version, or by ETag in an unversioned bucket."""
    if version_id and version_id != _NO_VERSION:
        return version_id
    return etag.strip('"')


def file_id(bucket: str, key: str, version: str) -> str:
    identity = f"{bucket}\0{key}\0{version}".encode()
    return "f" + sha256(identity).hexdigest()[:31]


def record_id(of_file: str, row: int) -> str:
    return f"{of_file}.{row:09d}"


def shard(item_id: str) -> int:
    return crc32(item_id.encode()) % SHARDS
