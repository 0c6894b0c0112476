"""The versions of objects in a region's bucket, as S3 lists them, and what is in them.

A listing has the versions of one key from the newest to the oldest, also within one second. Files
are read with the processor's own code, so rows, numbers of lines and reasons are the same.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ops.files import FileVersion
from ops.object_store import SdkObjects
from ops.progress import watched
from ops.region import Region
from services.processor.runtime.contracts import contract_for
from services.processor.runtime.errors import UnreadableFileError
from services.processor.runtime.file_names import Format, file_format
from services.processor.runtime.intake.event import ObjectRef
from services.processor.runtime.intake.source import S3Source
from services.processor.runtime.keys import version_name
from services.processor.runtime.parsing import Row, read_rows
from services.processor.runtime.parsing.read import read_column_names


@dataclass(frozen=True, kw_only=True)
class ListedVersion(FileVersion):
    """One version in a listing; ``version_id`` is what S3 calls it, ``null`` without versioning.

    A delete marker is no file: it hides the older versions of its key.
    """

    version_id: str
    etag: str
    size_bytes: int
    is_marker: bool = False


def versions(region: Region, prefix: str) -> Iterator[ListedVersion]:
    """Yield every version of every key that begins with ``prefix``, each key's newest first."""
    pages = (
        region.client("s3")
        .get_paginator("list_object_versions")
        .paginate(Bucket=region.bucket, Prefix=prefix)
    )
    for page in pages:
        listed = [_listed(region, each) for each in page.get("Versions", ())]
        listed += [_listed(region, each) for each in page.get("DeleteMarkers", ())]
        # Stable: versions of one key and moment stay in S3's order.
        listed.sort(key=lambda each: each.stored_at, reverse=True)
        yield from sorted(listed, key=lambda each: each.key)


def versions_of(region: Region, key: str) -> list[ListedVersion]:
    """Return the versions of one key, the newest first; none if there never was such a key."""
    found = []
    for version in versions(region, key):
        if version.key != key:  # a longer key, which sorts after it
            break
        found.append(version)
    return found


def _listed(region: Region, listed: dict[str, Any]) -> ListedVersion:
    etag = listed.get("ETag", "")
    return ListedVersion(
        region=region.name,
        bucket=region.bucket,
        key=listed["Key"],
        version=version_name(listed["VersionId"], etag),
        version_id=listed["VersionId"],
        # The ledger has what GetObject says, which are whole seconds.
        stored_at=listed["LastModified"].replace(microsecond=0),
        etag=etag.strip('"'),
        size_bytes=listed.get("Size", 0),
        is_marker="ETag" not in listed,
    )


def rows(
    region: Region, version: ListedVersion, passed: Callable[[int], object] | None = None
) -> Iterator[Row]:
    """Yield the rows of a version, streaming, as the processor reads them.

    ``passed`` is called with the numbers of bytes read; without it, a terminal sees how far it is.

    Raises:
        UnreadableFileError: the object or the rest of it cannot be read; as in the processor, the
            rows before are valid.
        SourceUnavailableError: S3 cannot be reached.

    """
    with closing(_content(region, version, passed)) as chunks:
        yield from read_rows(chunks, format_of(version.key), contract_for(version.key).form)


def column_names(region: Region, version: ListedVersion) -> tuple[str, ...]:
    """Return the names in the header of a CSV version, or raise as :func:`rows` does."""
    with closing(_content(region, version)) as chunks:
        form = contract_for(version.key).form
        return read_column_names(chunks, format_of(version.key), form)


def format_of(key: str) -> Format:
    """Return the format that a key names, or raise ``UnreadableFileError`` if it names none."""
    known = file_format(key)
    if known is None:
        raise UnreadableFileError("UNKNOWN_SUFFIX", f"the key {key} names no format")
    return known


def _content(
    region: Region, version: ListedVersion, passed: Callable[[int], object] | None = None
) -> Generator[bytes, None, None]:
    ref = ObjectRef(
        bucket=version.bucket,
        key=version.key,
        version_id=version.version_id,
        etag=version.etag,
        event_time=version.stored_at,
    )
    with closing(S3Source(SdkObjects(region.client("s3"))).open(ref)) as opened:
        if passed is None:
            yield from watched(opened.chunks, version.key, version.size_bytes)
            return
        for chunk in opened.chunks:
            yield chunk
            passed(len(chunk))
