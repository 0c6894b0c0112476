"""Files as the ledger has them, of both regions, from one page of each shard of the status index.

Every replica holds the files of both regions, so the survivor still tells of those of a lost one.
What a region says of its own files counts more than what its peer has replicated of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import naming
from ops import status_index
from ops.items import Item, plain
from ops.region import Region
from ops.status.probes import RECENT
from ops.status.reasons import answer_to
from ops.status.words import before, now

# Of each of 16 shards. What there is more of is counted as "or more".
MOST = 15
STATUSES = status_index.FILE_STATUSES
Listings = Mapping[tuple[str, str], "Listing | Exception"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenFile:
    """A version of a file and its state; ``region`` is the one that it was sent to."""

    id: str
    timestamp: str
    status: str
    dataset: str
    region: str
    bucket: str
    key: str
    version: str
    code: str = ""
    message: str = ""

    @classmethod
    def of(cls, item: Item) -> "SeenFile":
        """Return the file of a ledger entry, or of what the status index has of one."""
        entry = plain(item)
        source: Mapping[str, Any] = entry["source"]
        failure: Mapping[str, Any] = entry.get("failure") or {}
        return cls(
            id=entry["recordId"],
            timestamp=entry["timestamp"],
            status=entry["status"],
            dataset=entry["dataset"],
            region=_region_of(source["bucket"]),
            bucket=source["bucket"],
            key=source["key"],
            version=source["version"],
            code=str(failure.get("code", "")),
            message=str(failure.get("message", "")),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Files of one status, the newest first; not ``whole`` if there may be more, older ones."""

    files: tuple[SeenFile, ...]
    whole: bool


def listing(region: Region, status: str) -> Listing:
    """List the newest files with ``status``; of the failed and ignored ones, those of one day."""
    since = before(now(), RECENT) if status in ("FAILED", "IGNORED") else ""
    items = status_index.newest(region, status, most=MOST, since=since)
    files = sorted(map(SeenFile.of, items), key=lambda file: file.timestamp, reverse=True)
    return Listing(files=tuple(files), whole=_fullest_shard(items) < MOST)


def questions(region: Region) -> Mapping[str, Callable[[], Listing]]:
    """Return a question for each status of files."""
    return {status: _question(region, status) for status in STATUSES}


def merged(listings: Listings) -> tuple[SeenFile, ...]:
    """Return each file once, the newest first, as the region that it was sent to has it.

    Of a file whose region has not answered, the peer's replica tells.
    """
    found: dict[str, SeenFile] = {}
    for (asked, _), listed in listings.items():
        if isinstance(listed, Listing):
            for file in listed.files:
                if file.region == asked or file.id not in found:
                    found[file.id] = file
    return tuple(sorted(found.values(), key=lambda file: (file.timestamp, file.id), reverse=True))


def unlisted(listings: Listings) -> dict[str, str]:
    """Return the statuses whose files no region has listed, with the reason."""
    silences: dict[str, str] = {}
    for status in STATUSES:
        found = [each for (_, of), each in listings.items() if of == status]
        if not any(isinstance(each, Listing) for each in found):
            errors = [each for each in found if isinstance(each, Exception)]
            silences[status] = answer_to(errors[0]).says if errors else "not asked"
    return silences


def older(files: Iterable[SeenFile], than: timedelta, at: datetime) -> list[SeenFile]:
    """Return the files that were put longer ago."""
    limit = before(at, than)
    return [file for file in files if file.timestamp < limit]


def not_replaced(files: Iterable[SeenFile], completed: Iterable[SeenFile]) -> list[SeenFile]:
    """Return the files that no newer version of the same key has completed since."""
    newest: dict[tuple[str, str], str] = {}
    for file in completed:
        place = file.bucket, file.key
        newest[place] = max(file.timestamp, newest.get(place, ""))
    return [file for file in files if file.timestamp >= newest.get((file.bucket, file.key), "")]


def _question(region: Region, status: str) -> Callable[[], Listing]:
    return lambda: listing(region, status)


def _fullest_shard(items: Iterable[Item]) -> int:
    counts: dict[str, int] = {}
    for item in items:
        shard = item["shard"]["N"]
        counts[shard] = counts.get(shard, 0) + 1
    return max(counts.values(), default=0)


def _region_of(bucket: str) -> str:
    """Return the region whose bucket it is; the names differ, whatever their suffix."""
    is_standbys = bucket.startswith(naming.ingestion_bucket(naming.STANDBY, ""))
    return naming.STANDBY if is_standbys else naming.PRIMARY
